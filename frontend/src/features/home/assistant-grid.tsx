import { SegmentedControl, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconLayoutGrid, IconList, IconPlus } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Assistant } from "@/api/types";
import { NothingMatches } from "@/components/feedback/state-views";
import { SearchField } from "@/components/table/search-field";
import { AssistantCard } from "./assistant-card";
import classes from "./assistant-grid.module.css";
import { DeletedAssistants } from "./deleted-assistants";

const route = getRouteApi("/home/");

interface HomeSearch {
  search: string | undefined;
  view: "list" | undefined;
  show: "deleted" | undefined;
}

interface AssistantGridProps {
  assistants: readonly Assistant[];
  mayCreate: boolean;
  onNew: () => void;
}

/** All assistants as cards or lines; arrows move between the cards. */
export function AssistantGrid({ assistants, mayCreate, onNew }: AssistantGridProps) {
  const { t } = useTranslation("home");
  const { search = "", view = "grid", show } = route.useSearch();
  const navigate = useNavigate({ from: "/" });
  const grid = useRef<HTMLDivElement>(null);
  const words = search.toLowerCase();
  const found = assistants.filter((each) =>
    `${each.name} ${each.description}`.toLowerCase().includes(words),
  );
  const setSearch = (change: Partial<HomeSearch>) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <section>
      <div className={classes["head"]}>
        <h2>{t("assistants")}</h2>
        <SegmentedControl
          aria-label={t("show.label")}
          value={show ?? "inUse"}
          onChange={(value) => setSearch({ show: value === "deleted" ? value : undefined })}
          data={(["inUse", "deleted"] as const).map((value) => ({
            value,
            label: t(`show.${value}`),
          }))}
        />
        <SearchField
          label={t("find")}
          group={t("assistants")}
          width={240}
          value={search}
          onChange={(value) => setSearch({ search: value })}
        />
        {show ? null : (
          <SegmentedControl
            aria-label={t("view")}
            value={view}
            onChange={(value) => setSearch({ view: value === "list" ? "list" : undefined })}
            data={[
              { value: "grid", label: <ViewIcon icon={IconLayoutGrid} label={t("grid")} /> },
              { value: "list", label: <ViewIcon icon={IconList} label={t("list")} /> },
            ]}
          />
        )}
      </div>
      {show === "deleted" ? (
        <DeletedAssistants words={words} />
      ) : found.length === 0 && assistants.length > 0 ? (
        <NothingMatches title={t("nothingFound", { search })} />
      ) : (
        <div
          ref={grid}
          role="group"
          aria-label={t("assistants")}
          className={classes["grid"]}
          data-view={view}
          onKeyDown={(event) => moveFocus(event, grid.current)}
        >
          {found.map((assistant) => (
            <AssistantCard key={assistant.id} assistant={assistant} />
          ))}
          {mayCreate && !search ? (
            <UnstyledButton className={classes["new"]} onClick={onNew}>
              <IconPlus size={22} stroke={1.75} aria-hidden="true" />
              <b>{t("new")}</b>
              <small>{t("newSentence")}</small>
            </UnstyledButton>
          ) : null}
        </div>
      )}
    </section>
  );
}

function ViewIcon({ icon: Icon, label }: { icon: typeof IconList; label: string }) {
  return (
    <span className={classes["viewIcon"]}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  );
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function moveFocus(event: KeyboardEvent, grid: HTMLElement | null): void {
  const step = STEPS[event.key];
  const card = (event.target as HTMLElement).closest("[data-card]");
  if (!step || !grid || event.target !== card?.querySelector("a")) return;
  const links = [...grid.querySelectorAll<HTMLElement>("[data-card] a")];
  links[links.indexOf(event.target as HTMLElement) + step]?.focus();
  event.preventDefault();
}
