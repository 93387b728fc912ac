import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MergeConflict, MergePreview } from "@/api/branches";
import { allContentQuery } from "@/api/content";
import { CanvasControls, CanvasFloat } from "@/components/flow-canvas/canvas-controls";
import { useCardSources } from "@/components/flow-canvas/card-sources";
import { useCardTexts } from "@/components/flow-canvas/card-texts";
import { FlowCanvas } from "@/components/flow-canvas/flow-canvas";
import { useDrawnFlow } from "@/components/flow-canvas/use-drawn-flow";
import { isObject } from "@/flow-core/json";
import { withValues } from "@/flow-core/merge";
import type { FlowDocument } from "@/flow-core/model";
import { parseFlow } from "@/flow-core/parse";
import { stepAtPointer } from "@/flow-core/walk";
import { useSideTitles } from "./conflict-row";
import { type Decisions, decided, nameOf, onSide, type Side } from "./decisions";
import classes from "./merge.module.css";

interface MergeCanvasProps {
  assistantId: string;
  preview: MergePreview;
  decisions: Decisions;
  current: MergeConflict;
}

type Shown = "result" | Side;

/** The flow of the field that is being decided, as it becomes or as it is on a side. */
export function MergeCanvas({ assistantId, preview, decisions, current }: MergeCanvasProps) {
  const { t } = useTranslation("merge");
  const [shown, setShown] = useState<Shown>("result");
  const titles = useSideTitles({ mine: preview.into.name, theirs: preview.source.name });
  const document = useMemo(
    () => documentOf(preview, decisions, current, shown),
    [preview, decisions, current, shown],
  );
  return (
    <section className={classes["stage"]} aria-label={t("canvas")}>
      {document ? (
        <DrawnFlow
          key={current.key}
          assistantId={assistantId}
          document={document}
          current={current}
        />
      ) : (
        <p className={classes["notDrawn"]}>{t("notDrawn")}</p>
      )}
      <SegmentedControl
        size="xs"
        className={classes["shown"]}
        aria-label={t("canvas")}
        value={shown}
        onChange={setShown}
        data={[
          { value: "result", label: t("result") },
          { value: "mine", label: titles.mine },
          { value: "theirs", label: titles.theirs },
        ]}
      />
    </section>
  );
}

/** Null where it is no flow, is removed, or has a shape that cannot be drawn. */
function documentOf(
  { flows, conflicts }: MergePreview,
  decisions: Decisions,
  { kind, key }: MergeConflict,
  shown: Shown,
): FlowDocument | null {
  const flow = flows.find((each) => each.kind === kind && each.key === key);
  if (!flow) return null;
  const own = conflicts.filter((each) => each.kind === kind && each.key === key);
  const values = own.map((each) =>
    shown === "result"
      ? decided(each, decisions[nameOf(each)] ?? { side: "mine" })
      : onSide(each, shown),
  );
  const asked = own.map(({ pointer, base, mine, theirs }) => ({ pointer, base, mine, theirs }));
  const body = withValues({ body: flow.body, conflicts: asked }, values);
  return isObject(body) ? parseFlow(key, body) : null;
}

interface DrawnFlowProps {
  assistantId: string;
  document: FlowDocument;
  current: MergeConflict;
}

function DrawnFlow({ assistantId, document, current }: DrawnFlowProps) {
  const texts = useCardTexts(document, useSourcesOfMain(assistantId));
  const { graph, chipText } = useDrawnFlow(document, texts);
  const step = stepAtPointer(document, `/${current.pointer.join("/")}`)?.step.key;
  const card = graph.cards.find((each) => each.step === step) ?? graph.cards[0];
  return (
    <FlowCanvas
      graph={graph}
      cardText={texts.card}
      chipText={chipText}
      selected={card?.id ?? null}
      inView={card?.id ?? null}
    >
      <CanvasControls withMap={false} />
      <CanvasFloat position="top-left">
        <b className={classes["flowName"]}>{texts.flowTitle}</b>
      </CanvasFloat>
    </FlowCanvas>
  );
}

function useSourcesOfMain(assistantId: string) {
  const flows = useQuery(allContentQuery(assistantId, "flows")).data;
  const responses = useQuery(allContentQuery(assistantId, "responses")).data;
  return useCardSources(
    useMemo(
      () => ({
        flows: flows ?? [],
        responses: new Map(responses?.map((response) => [response.id, response])),
      }),
      [flows, responses],
    ),
  );
}
