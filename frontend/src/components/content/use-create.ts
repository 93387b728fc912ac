import { useQueryClient } from "@tanstack/react-query";
import {
  type ContentBodies,
  type ContentKind,
  content,
  contentKey,
  contentQuery,
} from "@/api/content";
import { toast } from "@/components/feedback/toast";
import { rememberEdit } from "@/lib/undo";

/** Makes an item where it is needed; undo deletes it again, as long as nothing else uses it. */
export function useCreate(assistantId: string) {
  const client = useQueryClient();
  return async <Kind extends ContentKind>(kind: Kind, id: string, body: ContentBodies[Kind]) => {
    const { queryKey } = contentQuery(assistantId, kind, id);
    const make = async () => {
      const made = await content.create(assistantId, kind, id, body);
      // An answer that is on its way may still be that it is not there.
      await client.cancelQueries({ queryKey, exact: true });
      client.setQueryData(queryKey, made);
    };
    const remove = async () => {
      const stored = await client.fetchQuery({
        ...contentQuery(assistantId, kind, id),
        staleTime: 0,
      });
      await content.delete(assistantId, kind, id, stored.revision);
    };
    const told = async (act: () => Promise<void>) => {
      try {
        await act();
        await client.invalidateQueries({ queryKey: contentKey(assistantId, kind) });
      } catch (error) {
        toast.refused(error);
      }
    };
    await make();
    rememberEdit({
      from: false,
      to: true,
      bring: (_, there) => void told(there ? make : remove),
    });
    await client.invalidateQueries({ queryKey: contentKey(assistantId, kind) });
  };
}
