import { Button, Textarea } from "@mantine/core";
import { IconCheck, IconSchool, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { validationQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import type { Version } from "@/api/types";
import {
  type FlowChange,
  isBusy,
  versionChangesQuery,
  versions,
  versionsQuery,
} from "@/api/versions";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { IconButton } from "@/components/icon-button";
import { SidePanel } from "@/components/layout/side-panel";
import { StateBadge } from "@/components/state-badge";
import { announce } from "@/lib/announce";
import { ContentErrors, useContentErrors } from "./content-errors";
import { FlowChoice } from "./flow-choice";
import { NotYet } from "./not-yet";
import { RunningTraining } from "./running-training";
import classes from "./train-panel.module.css";

const PANEL_WIDTH = 412;

/** Opened by the app with `?train=1` on every page of an assistant: what goes in, and how it goes. */
export function TrainPanel({ assistantId, onClose }: { assistantId: string; onClose: () => void }) {
  const { t } = useTranslation(["versions", "common"]);
  const changes = useQuery(versionChangesQuery(assistantId));
  const latest = useQuery(versionsQuery(assistantId)).data?.results[0];
  const order = useTrainingOrder(assistantId, changes.data);
  const own = (changes.data ?? []).filter((each) => !isSystemFlow(each.flow));
  const system = (changes.data ?? []).length - own.length;
  const busy = latest !== undefined && isBusy(latest);
  const number = (latest?.number ?? 0) + 1;
  const choice = order.withoutFlows ? "panel.noChoice" : "panel.sentence";
  const sentence = busy ? "panel.later" : choice;
  return (
    <SidePanel
      width={PANEL_WIDTH}
      label={t("panel.title", { number })}
      head={
        <>
          <div className={classes["title"]}>
            <h2>{t("panel.title", { number })}</h2>
            <small>{t(sentence)}</small>
          </div>
          <IconButton label={t("common:close")} size={28} onClick={onClose}>
            <IconX size={18} stroke={1.75} />
          </IconButton>
        </>
      }
      foot={<Foot assistantId={assistantId} order={order} busyWith={busy ? latest : undefined} />}
    >
      {latest ? <RunningTraining assistantId={assistantId} version={latest} /> : null}
      <Errors assistantId={assistantId} changes={changes.data ?? []} />
      <section>
        <div className={classes["line"]}>
          <h3>{t("panel.whatGoesIn")}</h3>
          {order.withoutFlows ? null : (
            <Button
              variant="transparent"
              size="xs"
              className={classes["all"]}
              onClick={order.onlyChanged}
            >
              {t("panel.onlyChanged")}
            </Button>
          )}
        </div>
        {changes.isPending ? <ListSkeleton /> : null}
        {own.length > 0 ? (
          <FlowChoice assistantId={assistantId} changes={own} order={order} />
        ) : null}
        {system > 0 ? (
          <p className={classes["always"]}>
            <IconCheck size={16} stroke={1.75} aria-hidden="true" />
            <span>{t("panel.systemFlows")}</span>
            <StateBadge tone="neutral">{system}</StateBadge>
          </p>
        ) : null}
        <p className={classes["always"]}>
          <IconCheck size={16} stroke={1.75} aria-hidden="true" />
          <span>{t(order.withoutFlows ? "panel.allOfIt" : "panel.alwaysIn")}</span>
          <small>{t("panel.always")}</small>
        </p>
      </section>
      <Textarea
        label={
          <>
            {t("panel.note")} <small className={classes["optional"]}>{t("common:optional")}</small>
          </>
        }
        placeholder={t("panel.notePlaceholder")}
        autosize
        minRows={1}
        maxLength={2000}
        value={order.note}
        onChange={(event) => order.setNote(event.currentTarget.value)}
      />
      {order.failure ? <NotYet error={order.failure} onRetry={order.start} /> : null}
    </SidePanel>
  );
}

function isSystemFlow(flow: string): boolean {
  return flow.startsWith("pattern_");
}

/** System flows that were changed always go in; the server does not take them by name. */
function ownFlows(chosen: ReadonlySet<string>): string[] {
  return [...chosen].filter((flow) => !isSystemFlow(flow));
}

export interface TrainingOrder {
  /** False until it is known what could go in. */
  known: boolean;
  /** It has no flows of its own; one of stories and rules has none. */
  withoutFlows: boolean;
  chosen: ReadonlySet<string>;
  toggle: (flow: string) => void;
  onlyChanged: () => void;
  note: string;
  setNote: (note: string) => void;
  start: () => void;
  pending: boolean;
  failure: Error | null;
}

/** New flows are ticked when they have no error; what was left out is remembered for this browser. */
function useTrainingOrder(
  assistantId: string,
  changes: readonly FlowChange[] | undefined,
): TrainingOrder {
  const { t } = useTranslation("versions");
  const client = useQueryClient();
  const key = `studio-left-out-${assistantId}`;
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(
    () => new Set(JSON.parse(localStorage.getItem(key) ?? "[]") as string[]),
  );
  const [note, setNote] = useState("");
  const remember = (flows: ReadonlySet<string>) => {
    localStorage.setItem(key, JSON.stringify([...flows]));
    setLeftOut(flows);
  };
  const all = changes ?? [];
  const chosen = new Set(
    all
      .filter((each) => each.error_count === 0 && !leftOut.has(each.flow))
      .map((each) => each.flow),
  );
  const withoutFlows = changes?.every(({ flow }) => isSystemFlow(flow)) ?? false;
  const train = useMutation({
    mutationFn: () =>
      versions.train(assistantId, { flows: withoutFlows ? null : ownFlows(chosen), note }),
    onSuccess: async (version) => {
      setNote("");
      announce(t("started", { number: version.number }));
      await client.invalidateQueries({ queryKey: ["versions", assistantId] });
    },
  });
  return {
    known: changes !== undefined,
    withoutFlows,
    chosen,
    toggle: (flow) => {
      const next = new Set(leftOut);
      if (!next.delete(flow)) next.add(flow);
      remember(next);
    },
    onlyChanged: () =>
      remember(new Set(all.filter((each) => each.change === "none").map((each) => each.flow))),
    note,
    setNote,
    start: () => train.mutate(),
    pending: train.isPending,
    failure: train.error,
  };
}

function Errors({ assistantId, changes }: { assistantId: string; changes: readonly FlowChange[] }) {
  const problems = useQuery(validationQuery(assistantId)).data?.problems ?? [];
  const failing = changes.filter((each) => each.error_count > 0);
  return (
    <>
      <ContentErrors assistantId={assistantId} />
      {failing.length > 0 ? (
        <NotYet assistantId={assistantId} flows={failing} problems={problems} />
      ) : null}
    </>
  );
}

interface FootProps {
  assistantId: string;
  order: TrainingOrder;
  busyWith: Version | undefined;
}

function Foot({ assistantId, order, busyWith }: FootProps) {
  const { t } = useTranslation("versions");
  const mayTrain = usePermission("training.run");
  const stopped = useContentErrors(assistantId).length > 0;
  const own = ownFlows(order.chosen);
  const system = order.chosen.size - own.length;
  return (
    <div className={classes["foot"]}>
      <small>
        {order.withoutFlows ? t("panel.noFlows") : null}
        {order.known && !order.withoutFlows ? t("panel.count", { count: own.length }) : null}
        {system > 0 ? ` ${t("panel.countSystem", { count: system })}` : null}
        {busyWith ? <br /> : null}
        {busyWith ? t("panel.wait", { number: busyWith.number }) : null}
      </small>
      <Button
        leftSection={<IconSchool size={18} stroke={1.75} />}
        loading={order.pending}
        disabled={
          busyWith !== undefined ||
          stopped ||
          !mayTrain ||
          (own.length === 0 && !order.withoutFlows)
        }
        onClick={order.start}
      >
        {t("panel.start")}
      </Button>
    </div>
  );
}
