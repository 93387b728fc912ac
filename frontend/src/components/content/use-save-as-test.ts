import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { TESTS, type TestDetail } from "@/api/tests";
import { toast } from "@/components/feedback/toast";

/** Makes a test of a talk, and opens it on the page Tests. */
export function useSaveAsTest(assistantId: string) {
  const { t } = useTranslation("tests");
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (save: () => Promise<TestDetail>, note?: string): Promise<void> => {
    try {
      const { id, name } = await save();
      await client.invalidateQueries({ queryKey: contentKey(assistantId, TESTS) });
      await navigate({
        to: "/assistants/$assistantId/tests",
        params: { assistantId },
        search: { test: id },
      });
      toast.done([t("savedAsTest", { name }), note].filter(Boolean).join(". "));
    } catch (error) {
      toast.refused(error);
    }
  };
}
