import { useMatches, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Assistant } from "@/api/types";
import { HealthBanner } from "@/components/feedback/health-banner";
import { LiveRegion } from "@/components/feedback/live-region";
import { OfflineBanner } from "@/components/feedback/offline-banner";
import type { Command } from "@/lib/commands/registry";
import { useCommandKeys, useCommands } from "@/lib/commands/use-commands";
import { setPreference, usePreferences } from "@/lib/preferences";
import { SETTINGS_SECTIONS } from "@/lib/settings-sections";
import { useNarrow } from "@/lib/text-scale";
import { undo } from "@/lib/undo";
import { KeysDialog, openKeysDialog } from "./keys-dialog";
import { ALL_PLACES, Navigation } from "./navigation";
import { OutageBanner } from "./outage-banner";
import { openPalette } from "./palette-state";
import { SessionDialog } from "./session-dialog";
import classes from "./shell.module.css";

// Fetched right after the page: it is there before anybody has pressed its keys.
const Palette = lazy(async () => ({ default: (await import("./palette")).Palette }));

interface ShellProps {
  assistant: Assistant | null;
  children: ReactNode;
}

/** Navigation, keys, palette and messages around every page. */
export function Shell({ assistant, children }: ShellProps) {
  const { t } = useTranslation("shell");
  const folded = usePreferences((state) => state.navigationFolded);
  const narrow = useNarrow();
  const wide = useMatches({ select: (matches) => matches.some((match) => match.staticData.rail) });
  const rail = folded || narrow || wide;
  useCommandKeys();
  useShellCommands(assistant);
  return (
    <div className={classes["shell"]} data-rail={rail}>
      <a href="#main" className={classes["skip"]}>
        {t("skip")}
      </a>
      <Navigation assistant={assistant} rail={rail} />
      <div className={classes["content"]}>
        <OfflineBanner />
        <OutageBanner />
        <HealthBanner />
        {children}
      </div>
      <Suspense>
        <Palette assistantId={assistant?.id ?? null} />
      </Suspense>
      <KeysDialog />
      <SessionDialog />
      <LiveRegion />
    </div>
  );
}

function useShellCommands(assistant: Assistant | null): void {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const everywhere = t("keys.everywhere");
  const commands = useMemo<Command[]>(
    () => [
      {
        id: "palette",
        label: t("keys.palette"),
        group: everywhere,
        keys: ["Ctrl K"],
        hidden: true,
        inFields: true,
        run: openPalette,
      },
      { id: "keys", label: t("keys.all"), group: everywhere, keys: ["?"], run: openKeysDialog },
      {
        id: "fold",
        label: t("keys.fold"),
        group: everywhere,
        keys: ["["],
        run: () => setPreference("navigationFolded", !usePreferences.getState().navigationFolded),
      },
      {
        id: "undo",
        label: t("keys.undo"),
        group: everywhere,
        keys: ["Ctrl Z"],
        hidden: true,
        run: () => void undo(),
      },
      {
        id: "go:home",
        label: t("keys.goTo", { place: t("home") }),
        group: t("keys.go"),
        keys: ["g h"],
        run: () => void navigate({ to: "/" }),
      },
      ...(assistant
        ? ALL_PLACES.map((place) => ({
            id: `go:${place.name}`,
            label: t("keys.goTo", { place: t(place.name) }),
            group: t("keys.go"),
            keys: [`g ${place.key}`],
            run: () => void navigate({ to: place.to, params: { assistantId: assistant.id } }),
          }))
        : []),
      ...(assistant
        ? [
            ...SETTINGS_SECTIONS.map((section) => ({
              id: `go:settings/${section}`,
              label: t("keys.goTo", { place: t(`settingsOf.${section}`) }),
              group: t("keys.go"),
              ...(section === "general" ? { keys: ["g s"] } : {}),
              run: () =>
                void navigate({
                  to: `/assistants/$assistantId/settings/${section}`,
                  params: { assistantId: assistant.id },
                }),
            })),
          ]
        : []),
    ],
    [t, everywhere, navigate, assistant],
  );
  useCommands(commands, "shell");
}
