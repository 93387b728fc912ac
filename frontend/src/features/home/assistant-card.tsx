import { Menu } from "@mantine/core";
import {
  IconCopy,
  IconDots,
  IconDownload,
  IconPencil,
  IconTrash,
  IconUpload,
  IconUsers,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { AssistantIcon, assistantTint } from "@/components/assistant-icon";
import { ASSISTANT_TONES, assistantState } from "@/components/assistant-state";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { MenuItemLink } from "@/components/links";
import { PersonAvatars } from "@/components/person-avatar";
import { StateDot } from "@/components/state-badge";
import { formatMoment } from "@/lib/relative-time";
import { saveLinked } from "@/lib/save-file";
import classes from "./assistant-card.module.css";
import { RenameDialog } from "./rename-dialog";

/** One assistant. A click anywhere opens Try it, or the flows when nothing is trained. */
export function AssistantCard({ assistant }: { assistant: Assistant }) {
  const { t, i18n } = useTranslation("home");
  const edited = formatMoment(new Date(assistant.updated_at), new Date(), i18n.language);
  return (
    <article className={classes["card"]} data-card>
      <div className={classes["head"]}>
        <span className={classes["icon"]} style={{ "--tint": assistantTint(assistant.id) }}>
          <AssistantIcon name={assistant.icon} />
        </span>
        <div className={classes["names"]}>
          <h3>
            <Link
              to={
                assistant.ready_version
                  ? "/assistants/$assistantId/try"
                  : "/assistants/$assistantId/flows"
              }
              params={{ assistantId: assistant.id }}
              className={classes["link"]}
            >
              {assistant.name}
            </Link>
          </h3>
          <div className={classes["quiet"]}>{useLanguages(assistant)}</div>
        </div>
        <AssistantMenu assistant={assistant} />
      </div>
      <dl className={classes["figures"]}>
        <div>
          <dt>{t("card.flows")}</dt>
          <dd>{assistant.flow_count.toLocaleString(i18n.language)}</dd>
        </div>
        <div>
          <dt>{t("card.conversations")}</dt>
          <dd>{assistant.conversation_count_7_days.toLocaleString(i18n.language)}</dd>
        </div>
      </dl>
      <div className={classes["state"]}>
        <BotState assistant={assistant} />
        <PersonAvatars people={assistant.editors.slice(0, 3)} size={22} />
      </div>
      <div className={classes["edited"]}>
        {assistant.updated_by
          ? t("card.editedBy", { name: assistant.updated_by.name, when: edited })
          : t("card.edited", { when: edited })}
      </div>
    </article>
  );
}

function useLanguages(assistant: Assistant): string {
  const { t, i18n } = useTranslation("home");
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  const nameOf = (code: string) => {
    try {
      return names.of(code) ?? code;
    } catch {
      return code;
    }
  };
  const [first = "", second, ...rest] = [assistant.language, ...assistant.additional_languages];
  if (!second) return nameOf(first);
  if (rest.length === 0) return `${nameOf(first)}, ${nameOf(second)}`;
  return t("card.languages", { first: nameOf(first), count: rest.length + 1 });
}

function BotState({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("home");
  const { latest_version: latest, ready_version: ready } = assistant;
  const state = assistantState(assistant);
  const text = t(`state.${state}`, {
    number: (ready ?? latest)?.number,
    progress: latest?.progress,
    message: latest?.error_message,
  });
  return (
    <span className={classes["dot"]} title={text}>
      <StateDot tone={ASSISTANT_TONES[state]} />
      <span>{text}</span>
    </span>
  );
}

function AssistantMenu({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation(["home", "common"]);
  const client = useQueryClient();
  const mayCreate = usePermission("assistant.create");
  const mayDelete = assistant.permissions.includes("assistant.delete");
  const mayRename = assistant.permissions.includes("settings.edit");
  const [renaming, setRenaming] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["assistants"] });
  const attempt = (work: () => Promise<unknown>) => {
    work().catch(toast.refused);
  };
  const remove = () =>
    attempt(async () => {
      await assistants.delete(assistant.id);
      toast.done(t("deleted", { name: assistant.name }), {
        undo: () => attempt(() => assistants.restore(assistant.id).then(refresh)),
      });
      await refresh();
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label={t("common:more")} size={28} className={classes["menu"]}>
            <IconDots size={18} stroke={1.75} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={18} stroke={1.75} />}
            disabled={!mayRename}
            onClick={() => setRenaming(true)}
          >
            {t("menu.rename")}
          </Menu.Item>
          <MenuItemLink
            leftSection={<IconUsers size={18} stroke={1.75} />}
            to="/assistants/$assistantId/settings/members"
            params={{ assistantId: assistant.id }}
          >
            {t("menu.members")}
          </MenuItemLink>
          <Menu.Item
            leftSection={<IconCopy size={18} stroke={1.75} />}
            disabled={!mayCreate}
            onClick={() =>
              attempt(() =>
                assistants
                  .duplicate(assistant.id, t("copyOf", { name: assistant.name }))
                  .then(refresh),
              )
            }
          >
            {t("menu.duplicate")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={18} stroke={1.75} />}
            onClick={() =>
              attempt(() =>
                saveLinked(assistants.exportLink(assistant.id), () =>
                  assistants.export(assistant.id),
                ),
              )
            }
          >
            {t("menu.export")}
          </Menu.Item>
          {assistant.permissions.includes("content.edit") ? (
            <MenuItemLink
              leftSection={<IconUpload size={18} stroke={1.75} />}
              to="/assistants/$assistantId/import"
              params={{ assistantId: assistant.id }}
            >
              {t("menu.import")}
            </MenuItemLink>
          ) : null}
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.75} />}
            disabled={!mayDelete}
            onClick={remove}
          >
            {t("menu.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renaming ? (
        <RenameDialog assistant={assistant} onClose={() => setRenaming(false)} onDone={refresh} />
      ) : null}
    </>
  );
}
