import {
  IconArrowRight,
  IconBolt,
  IconBulb,
  IconMessageLanguage,
  IconRoute,
  IconTag,
  IconVariable,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants";
import { allContentQuery, contentListQuery } from "@/api/content";
import { entitiesQuery, intentsQuery } from "@/api/understanding";
import { useResponseName } from "@/components/content/use-response-name";
import { allCommands } from "@/lib/commands/registry";
import { humanise } from "@/lib/humanise";
import { palette } from "./palette-state";

export interface Hit {
  id: string;
  label: string;
  detail: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

interface Group {
  title: string;
  hits: Hit[];
}

const LIMIT = 6;

/** What fits the words, by group: the content of the assistant, other assistants, commands. */
export function useHits(query: string, assistantId: string | null): Group[] {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const titled = useTitled();
  const flows = useQuery({
    ...contentListQuery(assistantId ?? "", "flows"),
    enabled: assistantId !== null,
  });
  const assistants = useQuery(assistantsQuery());
  const commandsOnly = query.startsWith(">");
  const wanted = query.replace(/^>/, "").trim().toLowerCase();
  const content = useContentHits(assistantId, commandsOnly ? "" : wanted);
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
  return [
    titled(t("palette.flows"), flowHits, foundFlows.length),
    ...content,
    titled(t("palette.assistants"), assistantHits, foundAssistants.length),
    { title: t("palette.do"), hits: commands },
  ];
}

/** From this many letters on: before, nearly everything would fit. */
const LEAST = 2;

/** Responses by name and words, slots, actions, intents and entities. */
function useContentHits(assistantId: string | null, wanted: string): Group[] {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const titled = useTitled();
  const nameOf = useResponseName();
  const here = assistantId ?? "";
  const enabled = assistantId !== null && wanted.length >= LEAST;
  const responses = useQuery({ ...allContentQuery(here, "responses"), enabled }).data;
  const slots = useQuery({ ...allContentQuery(here, "slots"), enabled }).data;
  const actions = useQuery({ ...allContentQuery(here, "actions"), enabled }).data;
  const intents = useQuery({ ...intentsQuery(here), enabled }).data;
  const entities = useQuery({ ...entitiesQuery(here), enabled }).data;
  if (!enabled) return [];
  const params = { assistantId: here };
  const fits = (...texts: string[]) => texts.some((text) => text.toLowerCase().includes(wanted));
  const group = (title: string, hits: Hit[]) => titled(title, hits.slice(0, LIMIT), hits.length);
  return [
    group(
      t("palette.responses"),
      (responses ?? [])
        .filter(({ id, text }) => fits(id, nameOf(id), text))
        .map(({ id, text }) => ({
          id: `response:${id}`,
          label: nameOf(id),
          detail: text,
          icon: <IconMessageLanguage size={16} stroke={1.75} />,
          run: () =>
            void navigate({
              to: "/assistants/$assistantId/responses",
              params,
              search: { response: id },
            }),
        })),
    ),
    group(
      t("palette.slots"),
      (slots ?? [])
        .filter(({ id, values }) => fits(id, ...(values ?? []).map(String)))
        .map(({ id, values }) => ({
          id: `slot:${id}`,
          label: id,
          detail: (values ?? []).join(", "),
          icon: <IconVariable size={16} stroke={1.75} />,
          run: () =>
            void navigate({ to: "/assistants/$assistantId/slots", params, search: { name: id } }),
        })),
    ),
    group(
      t("palette.actions"),
      (actions ?? [])
        .filter(({ id }) => fits(id, humanise(id)))
        .map(({ id }) => ({
          id: `action:${id}`,
          label: humanise(id),
          detail: id,
          icon: <IconBolt size={16} stroke={1.75} />,
          run: () =>
            void navigate({
              to: "/assistants/$assistantId/slots",
              params,
              search: { kind: "actions", name: id },
            }),
        })),
    ),
    group(
      t("palette.intents"),
      (intents ?? [])
        .filter(({ id }) => fits(id, humanise(id)))
        .map(({ id, flows }) => ({
          id: `intent:${id}`,
          label: id,
          detail: flows.map(({ flow_name: name }) => name).join(", "),
          icon: <IconBulb size={16} stroke={1.75} />,
          run: () =>
            void navigate({
              to: "/assistants/$assistantId/understanding",
              params,
              search: { name: id },
            }),
        })),
    ),
    group(
      t("palette.entities"),
      (entities ?? [])
        .filter(({ id }) => fits(id, humanise(id)))
        .map(({ id, roles }) => ({
          id: `entity:${id}`,
          label: id,
          detail: roles.join(", "),
          icon: <IconTag size={16} stroke={1.75} />,
          run: () =>
            void navigate({
              to: "/assistants/$assistantId/understanding",
              params,
              search: { kind: "entities", name: id },
            }),
        })),
    ),
  ];
}

/** A group that says how many there are where it shows only the first. */
function useTitled() {
  const { t } = useTranslation("shell");
  return (title: string, hits: Hit[], all: number): Group => ({
    title: hits.length < all ? t("palette.some", { title, shown: hits.length, all }) : title,
    hits,
  });
}
