import { Switch } from "@mantine/core";
import { IconCheck, IconChevronRight, IconPlayerPause } from "@tabler/icons-react";
import { Fragment, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { VersionContent } from "@/api/types";
import { FlowDrawing, StateView } from "@/components/feedback/state-views";
import { CanvasControls, CanvasFloat } from "@/components/flow-canvas/canvas-controls";
import { sayValue, useCardTexts } from "@/components/flow-canvas/card-texts";
import { FlowCanvas } from "@/components/flow-canvas/flow-canvas";
import { useDrawnFlow } from "@/components/flow-canvas/use-drawn-flow";
import { StateBadge, StateDot } from "@/components/state-badge";
import type { FlowDocument } from "@/flow-core/model";
import { humanise } from "@/lib/humanise";
import { setPreference, usePreferences } from "@/lib/preferences";
import { progressOf } from "./progress";
import {
  currentSession,
  flowInView,
  flowTrail,
  stepsTaken,
  type Tracker,
  type TrailFlow,
} from "./tracker";
import classes from "./try-it-page.module.css";
import { useLitSteps } from "./use-lit-steps";
import { useVersionSources } from "./use-place-texts";

interface LiveCanvasProps {
  content: VersionContent | undefined;
  documents: ReadonlyMap<string, FlowDocument>;
  tracker: Tracker | null;
  /** The flow alone, without the trail and the switch over it. */
  small?: boolean;
}

const NO_EVENTS = { slots: {}, stack: [], events: [], events_before: 0 };
const SHOWN_FLOWS = 4;

/** The flow the conversation is in, lit up as far as it got. */
export function LiveCanvas({ content, documents, tracker, small = false }: LiveCanvasProps) {
  const { t } = useTranslation("try-it");
  const known = useCallback(
    (flow: string) => documents.has(flow) && !flow.startsWith("pattern_"),
    [documents],
  );
  const now = tracker ?? NO_EVENTS;
  const events = useMemo(() => currentSession(now.events), [now]);
  const view = flowInView(now, known);
  const document = view ? documents.get(view.flow) : undefined;
  const trail = useMemo(() => flowTrail(events, known), [events, known]);
  if (!view || !document) {
    const words = content && ![...documents.keys()].some(known) ? "withoutFlows" : "noFlow";
    return (
      <div className={classes["noFlow"]}>
        <StateView
          drawing={<FlowDrawing />}
          title={t(`${words}.title`)}
          sentence={t(`${words}.sentence`)}
        />
      </div>
    );
  }
  return (
    <DrawnFlow
      key={document.flowId}
      content={content}
      document={document}
      tracker={{ ...now, events }}
      waitingAt={view.waitingAt}
      trail={trail}
      small={small}
    />
  );
}

interface DrawnFlowProps {
  content: VersionContent | undefined;
  document: FlowDocument;
  tracker: Tracker;
  waitingAt: string | null;
  trail: readonly TrailFlow[];
  small: boolean;
}

function DrawnFlow({ content, document, tracker, waitingAt, trail, small }: DrawnFlowProps) {
  const { t } = useTranslation("try-it");
  const follow = usePreferences((state) => state.followConversation);
  const texts = useCardTexts(document, useVersionSources(content));
  const { graph, chipText } = useDrawnFlow(document, texts);
  const { events, slots } = tracker;
  const taken = useMemo(() => stepsTaken(events, document.flowId), [events, document]);
  const lit = useLitSteps(taken);
  const progress = useMemo(
    () =>
      progressOf({
        graph,
        document,
        steps: taken.slice(0, lit),
        waitingAt: lit >= taken.length ? waitingAt : null,
        events,
        slots,
        say: (value) => sayValue(value, texts.words),
      }),
    [graph, document, taken, lit, waitingAt, events, slots, texts],
  );
  return (
    <FlowCanvas
      graph={graph}
      cardText={texts.card}
      chipText={chipText}
      progress={progress}
      inView={follow || small ? progress.current : null}
      onUserPan={() => (follow && !small ? setPreference("followConversation", false) : undefined)}
    >
      {small ? null : (
        <>
          <CanvasControls withMap={false} />
          <CanvasFloat position="top-left">
            <Trail trail={trail} current={document.flowId} content={content} />
          </CanvasFloat>
          <CanvasFloat position="top-right">
            <Switch
              size="sm"
              className={classes["follow"]}
              label={t("follow")}
              wrapperProps={{ title: t("follow") }}
              classNames={{ labelWrapper: classes["followText"] }}
              labelPosition="left"
              checked={follow}
              onChange={(event) => setPreference("followConversation", event.currentTarget.checked)}
            />
          </CanvasFloat>
        </>
      )}
    </FlowCanvas>
  );
}

interface TrailProps {
  trail: readonly TrailFlow[];
  current: string;
  content: VersionContent | undefined;
}

function Trail({ trail, current, content }: TrailProps) {
  const { t } = useTranslation("try-it");
  const name = (flow: string) => {
    const own = content?.flows[flow]?.["name"];
    return humanise(typeof own === "string" && own ? own : flow);
  };
  return (
    <ol className={classes["trail"]} aria-label={t("trail")}>
      {trail.slice(-SHOWN_FLOWS).map(({ flow, state }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a flow may come several times; its place tells it
        <Fragment key={index}>
          {index > 0 ? (
            <li aria-hidden="true" className={classes["trailArrow"]}>
              <IconChevronRight size={14} stroke={1.75} />
            </li>
          ) : null}
          <li>
            {flow === current && state === "active" ? (
              <StateBadge tone="accent" icon={<StateDot tone="accent" />}>
                {name(flow)}
              </StateBadge>
            ) : (
              <StateBadge
                tone="neutral"
                icon={
                  state === "active" ? (
                    <IconPlayerPause size={14} stroke={1.75} />
                  ) : (
                    <IconCheck size={14} stroke={1.75} />
                  )
                }
              >
                {name(flow)}
              </StateBadge>
            )}
          </li>
        </Fragment>
      ))}
    </ol>
  );
}
