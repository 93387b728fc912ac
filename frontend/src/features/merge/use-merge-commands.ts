import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands/use-commands";
import { joined, nameOf, SIDES, withEdit } from "./decisions";
import type { Deciding } from "./use-decisions";

type Keys = Pick<Deciding, "current" | "decisions" | "list" | "decide" | "go"> & {
  merge: () => void;
};

/** The keys of the page: to the next field, its sides by number, edit, join, merge. */
export function useMergeCommands({ current, decisions, list, decide, go, merge }: Keys): void {
  const { t } = useTranslation("merge");
  const decision = current ? decisions[nameOf(current)] : undefined;
  const command = (id: string, key: string, label: string, run: () => void) => ({
    id: `merge:${id}`,
    label,
    group: t("title"),
    keys: [key],
    run,
  });
  const join = () => {
    const both = current ? joined(current) : undefined;
    if (current && both !== undefined)
      decide(current, withEdit(current, decision ?? { side: "mine" }, both));
  };
  useCommands([
    command("next", "n", t("next"), () => go(1)),
    command("previous", "p", t("previous"), () => go(-1)),
    ...SIDES.map((side, index) =>
      command(
        side,
        String(index + 1),
        t(`take.${side}`),
        () => current && decide(current, { side }),
      ),
    ),
    command("edit", "e", t("edit"), () =>
      list.current?.querySelector<HTMLElement>("[data-result]")?.focus(),
    ),
    command("join", "b", t("joinBoth"), join),
    command("merge", "m", t("merge"), merge),
  ]);
}
