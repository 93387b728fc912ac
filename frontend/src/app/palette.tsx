import { Highlight } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./palette.module.css";
import { chooseFirst, paletteStore, typedAhead } from "./palette-state";
import { useHits } from "./use-hits";

/** Ctrl K: flows, words, slots, actions, assistants and everything the commands of this page can do. */
export function Palette({ assistantId }: { assistantId: string | null }) {
  const { t } = useTranslation("shell");
  const [query, setQuery] = useState("");
  const groups = useHits(query, assistantId);
  const empty = groups.every((group) => group.hits.length === 0);
  useEffect(() => {
    if (query && !empty) chooseFirst();
  });
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
        onFocus={() => {
          const words = typedAhead();
          if (words) setQuery((before) => before + words);
        }}
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
