import { Button, Tabs } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { type IntentExamples, understanding, understandingKey } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { ItemHistory } from "@/components/content/item-history";
import { SavedState } from "@/components/content/saved-state";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { AnchorLink } from "@/components/links";
import { useSearchChange } from "@/components/table/filter-bar";
import { useNarrow } from "@/lib/text-scale";
import { DetailsHead } from "./details-head";
import { ExampleGrid } from "./example-grid";
import { focusNewExample } from "./focus";
import { RightColumn } from "./right-column";
import { EditedThreshold } from "./started-flows";
import classes from "./understanding.module.css";
import type { DetailsProps } from "./understanding-page";
import { useExamples } from "./use-examples";

const route = getRouteApi("/assistants/$assistantId/understanding");

/** One intent: what it starts, and the ways to say it. Every change is saved by itself. */
export function IntentDetails({ id, onBack, onChoose, list }: DetailsProps) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { tab } = route.useSearch();
  const set = useSearchChange<{ tab?: "try" | "history" | undefined }>();
  const narrow = useNarrow();
  const { query, examples, save } = useExamples(assistantId, id);
  const remove = useRemove(id, onChoose);
  if (isApiError(query.error, "not_found"))
    return <NothingMatches title={t("gone", { name: id })} />;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const intent = query.data;
  const uses = [...intent.flows.map(({ flow_name: name }) => name), ...intent.slots];
  const open = tab === "history" || (tab === "try" && narrow) ? tab : "examples";
  return (
    <>
      <DetailsHead
        title={id}
        about={<Started intent={intent} />}
        list={list}
        onBack={onBack}
        rename={{ kind: "intents", onDone: onChoose }}
        remove={
          uses.length > 0
            ? { label: t("deleteUsed", { by: uses.join(", ") }), run: null }
            : { label: t("delete"), run: () => void remove() }
        }
        actions={
          <>
            {save.savedAt || save.error ? <SavedState save={save} /> : null}
            <Button
              variant="default"
              className={classes["addButton"] ?? ""}
              disabled={readOnly}
              leftSection={<IconPlus size={16} stroke={1.75} />}
              onClick={() => {
                set({ tab: undefined });
                focusNewExample();
              }}
            >
              {t("addExamples")}
            </Button>
          </>
        }
      />
      <Tabs
        value={open}
        className={classes["tabs"]}
        onChange={(value) =>
          set({ tab: value === "history" || value === "try" ? value : undefined })
        }
      >
        <Tabs.List aria-label={id}>
          <Tabs.Tab value="examples" rightSection={<small>{examples.length}</small>}>
            {t("examples")}
          </Tabs.Tab>
          <Tabs.Tab value="try" className={classes["onPhone"] ?? ""}>
            {t("try.title")}
          </Tabs.Tab>
          <Tabs.Tab value="history">{t("history")}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {open === "history" ? (
        <div className={classes["body"]}>
          <ItemHistory assistantId={assistantId} kind="nlu" id={`intent:${id}`} />
        </div>
      ) : open === "try" ? (
        <div className={classes["form"]}>
          <RightColumn intent={id} />
        </div>
      ) : (
        <ExampleGrid intent={id} examples={examples} />
      )}
    </>
  );
}

function Started({ intent }: { intent: IntentExamples }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  if (intent.flows.length === 0)
    return (
      <p className={classes["quiet"]}>
        {intent.slots.length > 0
          ? t("fills", { slots: intent.slots.join(", ") })
          : t("startsNothing")}
      </p>
    );
  return (
    <div className={classes["quiet"]}>
      {t("starts")}{" "}
      {intent.flows.map(({ flow, flow_name: name, threshold }) => (
        <span key={flow} className={classes["startedFlow"]}>
          <AnchorLink
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId: flow }}
          >
            {name}
          </AnchorLink>{" "}
          <EditedThreshold started={{ flow, name, intent: intent.id, threshold }} />
        </span>
      ))}
    </div>
  );
}

/** Deletes the intent with its examples; Undo brings both back. */
function useRemove(id: string, onChoose: (name: string | undefined) => void) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: understandingKey(assistantId) });
  return async () => {
    const undo = async () => {
      try {
        await understanding.restore(assistantId, "intents", id);
        await refresh();
        onChoose(id);
      } catch (error) {
        toast.refused(error);
      }
    };
    try {
      await understanding.delete(assistantId, "intents", id);
      // Undo is there before the list is.
      toast.done(t("deleted", { name: id }), { undo: () => void undo() });
      onChoose(undefined);
      await refresh();
    } catch (error) {
      toast.refused(error);
    }
  };
}
