import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands/use-commands";

interface TextActions {
  copy: () => void;
  slot: (number: number) => void;
  done: () => void;
}

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Keys of the text that is being translated. */
export function useTextCommands(active: boolean, actions: TextActions): void {
  const { t } = useTranslation("translations");
  const common = { group: t("title"), inFields: true };
  useCommands(
    active
      ? [
          {
            ...common,
            id: "translations:done",
            label: t("keys.done"),
            keys: ["Ctrl Enter"],
            run: actions.done,
          },
          {
            ...common,
            id: "translations:copy",
            label: t("keys.copy"),
            keys: ["Ctrl '"],
            run: actions.copy,
          },
          ...NUMBERS.map((number) => ({
            ...common,
            id: `translations:slot-${number}`,
            label: t("keys.slot", { number }),
            keys: [`Alt ${number}`],
            hidden: true,
            run: () => actions.slot(number),
          })),
        ]
      : [],
    "part",
  );
}

interface PageActions {
  go: (by: 1 | -1) => void;
  /** Opens the item of the chosen text. */
  open: (() => void) | null;
}

/** Keys of the page: from one text to do to the next. */
export function useTranslationCommands({ go, open }: PageActions): void {
  const { t } = useTranslation("translations");
  const group = t("title");
  const common = { group, inFields: true };
  useCommands([
    {
      ...common,
      id: "translations:next",
      label: t("keys.next"),
      keys: ["Ctrl ↓"],
      run: () => go(1),
    },
    {
      ...common,
      id: "translations:previous",
      label: t("keys.previous"),
      keys: ["Ctrl ↑"],
      run: () => go(-1),
    },
    ...(open
      ? [{ id: "translations:open", label: t("keys.open"), group, keys: ["e"], run: open }]
      : []),
  ]);
}
