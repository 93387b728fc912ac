import { Menu } from "@mantine/core";
import { IconArrowBackUp, IconCopy, IconLink, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ResponseContext, responseContextQuery } from "@/api/responses";
import type { ResponseItem } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { ItemHead } from "@/components/content/item-head";
import { RenameDialog } from "@/components/content/rename-dialog";
import { askedSlot, useResponseName } from "@/components/content/use-response-name";
import { StateBadge } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import type { Json } from "@/flow-core/json";
import { Rephrase } from "./rephrase";
import { problemOf } from "./response-names";
import { useResponseActions } from "./use-response-actions";
import { UsedIn } from "./used-in";

interface ResponseHeadProps {
  assistantId: string;
  id: string;
  row: ResponseItem | undefined;
  body: Json[];
  onChange: (body: Json[]) => void;
  onReset: () => void;
}

export function ResponseHead({ assistantId, id, row, body, onChange, onReset }: ResponseHeadProps) {
  const { t } = useTranslation(["responses", "content"]);
  const { readOnly } = useContent();
  const nameOf = useResponseName();
  const set = useSearchChange<{ response?: string | undefined }>();
  const context = useQuery(responseContextQuery(assistantId, id)).data;
  const actions = useResponseActions(assistantId, id);
  const [renaming, setRenaming] = useState(false);
  const origin = row?.origin ?? "own";
  const used = row?.used_in.length ?? 0;
  const revision = row?.revision ?? 0;
  const mayRename = !readOnly && origin === "own";
  return (
    <ItemHead
      page={t("title")}
      title={nameOf(id)}
      onBack={() => set({ response: undefined })}
      onRename={mayRename ? () => setRenaming(true) : undefined}
      about={
        <>
          <code>{id}</code> <span>{t(askedSlot(id) ? "kind.question" : "kind.message")}</span>
          {origin === "own" ? null : (
            <StateBadge tone="neutral">{t(`origin.${origin}`)}</StateBadge>
          )}
        </>
      }
      tools={
        <>
          <UsedIn assistantId={assistantId} context={context} />
          <Rephrase body={body} context={context} onChange={onChange} />
        </>
      }
      menu={{
        label: t("more"),
        entries: (
          <>
            {mayRename ? (
              <Menu.Item
                leftSection={<IconPencil size={16} stroke={1.75} />}
                onClick={() => setRenaming(true)}
              >
                {t("content:rename.title")}
              </Menu.Item>
            ) : null}
            {origin === "default" ? null : (
              <Menu.Item
                leftSection={<IconCopy size={16} stroke={1.75} />}
                disabled={readOnly}
                onClick={() => void actions.duplicate()}
              >
                {t("duplicate")}
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<IconLink size={16} stroke={1.75} />}
              onClick={actions.copyLink}
            >
              {t("copyLink")}
            </Menu.Item>
            {origin === "customised" ? (
              <Menu.Item
                leftSection={<IconArrowBackUp size={16} stroke={1.75} />}
                disabled={readOnly}
                onClick={() => void actions.remove(revision, "wasReset").then(onReset)}
              >
                {t("reset")}
              </Menu.Item>
            ) : null}
            {origin === "own" ? (
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} stroke={1.75} />}
                disabled={readOnly || used > 0}
                onClick={() => void actions.remove(revision, "deleted")}
              >
                {used > 0 ? t("deleteUsed", { count: used }) : t("delete")}
              </Menu.Item>
            ) : null}
          </>
        ),
      }}
    >
      {renaming ? (
        <RenameResponse
          id={id}
          context={context}
          onRename={(name) => actions.rename(name, revision)}
          onClose={() => setRenaming(false)}
        />
      ) : null}
    </ItemHead>
  );
}

interface RenameResponseProps {
  id: string;
  context: ResponseContext | undefined;
  onRename: (name: string) => Promise<void>;
  onClose: () => void;
}

function RenameResponse({ id, context, onRename, onClose }: RenameResponseProps) {
  const { t } = useTranslation("responses");
  const { sources } = useContent();
  const places = (context?.flows.length ?? 0) + (context?.slots.length ?? 0);
  return (
    <RenameDialog
      id={id}
      hint={t("rename.follows", { count: places })}
      problemOf={(name) => {
        const problem = problemOf(name, id, (other) => sources.responses.has(other));
        return problem && t(`rename.${problem}`);
      }}
      onRename={onRename}
      onClose={onClose}
    >
      {context && context.texts.length > 0 ? (
        <p>{t("rename.left", { left: context.texts.join(", ") })}</p>
      ) : null}
    </RenameDialog>
  );
}
