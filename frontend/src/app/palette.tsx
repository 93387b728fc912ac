import { Highlight } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { IconArrowRight, IconBolt, IconRoute, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants";
import { contentListQuery } from "@/api/content";
import { allCommands } from "@/lib/commands/registry";
import classes from "./palette.module.css";
import { palette, paletteStore } from "./palette-state";

interface Hit {
  id: string;
  label: string;
  detail: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

const LIMIT = 6;

/** Ctrl K: flows, pages, assistants and everything the commands of this page can do. */
export function Palette({ assistantId }: { assistantId: string | null }) {
  const { t } = useTranslation("shell");
  const [query, setQuery] = useState("");
  const groups = useHits(query, assistantId);
  const empty = groups.every((group) => group.hits.length === 0);
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      clearQueryOnClose
      shortcut={null}
      yOffset="12.5vh"
      centered={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      size={640}
      radius="lg"
      transitionProps={{ duration: 0 }}
      attributes={{ content: { "aria-label": t("palette.placeholder") } }}
      classNames={{ content: classes["content"], body: classes["body"] }}
    >
      <Spotlight.Search
        aria-label={t("palette.placeholder")}
        placeholder={t("palette.placeholder")}
        leftSection={<IconSearch size={18} stroke={1.75} />}
        rightSection={<kbd>Esc</kbd>}
        classNames={{ input: classes["search"] }}
      />
      <Spotlight.ActionsList className={classes["list"]}>
        {groups
          .filter((group) => group.hits.length > 0)
          .map((group) => (
            <Spotlight.ActionsGroup
              key={group.title}
              label={group.title}
              className={classes["group"]}
            >
              {group.hits.map((hit) => (
                <Spotlight.Action key={hit.id} onClick={hit.run} className={classes["hit"]}>
                  <span className={classes["icon"]}>{hit.icon}</span>
                  <span className={classes["label"]}>
                    <Highlight
                      component="span"
                      highlight={query.replace(/^>/, "")}
                      highlightStyles={HIGHLIGHT}
                    >
                      {hit.label}
                    </Highlight>{" "}
                    <span className={classes["detail"]}>{hit.detail}</span>
                  </span>
                  {hit.keys ? <kbd>{hit.keys}</kbd> : null}
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          ))}
        {empty ? <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
      <Spotlight.Footer className={classes["foot"]}>
        <kbd>↑</kbd>
        <kbd>↓</kbd> {t("palette.choose")}
        <kbd>&gt;</kbd> {t("palette.commands")}
        <span className={classes["grow"]} />
        <kbd>?</kbd> {t("palette.allKeys")}
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

const HIGHLIGHT = { background: "none", color: "var(--accent-text)", fontWeight: 600 };

function useHits(query: string, assistantId: string | null): { title: string; hits: Hit[] }[] {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const flows = useQuery({
    ...contentListQuery(assistantId ?? "", "flows"),
    enabled: assistantId !== null,
  });
  const assistants = useQuery(assistantsQuery());
  const commandsOnly = query.startsWith(">");
  const wanted = query.replace(/^>/, "").trim().toLowerCase();
  const fits = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted));

  const commands = allCommands()
    .filter((command) => !command.hidden && fits(command.label))
    .map((command) => ({
      id: command.id,
      label: command.label,
      detail: "",
      icon: <IconBolt size={16} stroke={1.75} />,
      ...(command.keys?.[0] ? { keys: command.keys[0] } : {}),
      run: () => {
        palette.close();
        // The palette gives the focus back first; the command may then move it.
        setTimeout(command.run);
      },
    }));
  if (commandsOnly) return [{ title: t("palette.do"), hits: commands }];

  const foundFlows = (assistantId ? (flows.data?.results ?? []) : []).filter((flow) =>
    fits(flow.id, flow.name),
  );
  const flowHits = foundFlows.slice(0, LIMIT).map((flow) => ({
    id: `flow:${flow.id}`,
    label: flow.name,
    detail: flow.id,
    icon: <IconRoute size={16} stroke={1.75} />,
    run: () =>
      void navigate({
        to: "/assistants/$assistantId/flows/$flowId",
        params: { assistantId: assistantId ?? "", flowId: flow.id },
      }),
  }));
  const foundAssistants = (assistants.data?.results ?? []).filter(
    (each) => each.id !== assistantId && fits(each.name),
  );
  const assistantHits = foundAssistants.slice(0, LIMIT).map((each) => ({
    id: `assistant:${each.id}`,
    label: each.name,
    detail: "",
    icon: <IconArrowRight size={16} stroke={1.75} />,
    run: () =>
      void navigate({ to: "/assistants/$assistantId/flows", params: { assistantId: each.id } }),
  }));
  const titled = (title: string, hits: Hit[], all: number) => ({
    title: hits.length < all ? t("palette.some", { title, shown: hits.length, all }) : title,
    hits,
  });
  return [
    titled(t("palette.flows"), flowHits, foundFlows.length),
    titled(t("palette.assistants"), assistantHits, foundAssistants.length),
    { title: t("palette.do"), hits: commands },
  ];
}
