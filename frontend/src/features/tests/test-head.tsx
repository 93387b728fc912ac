import { Button, Menu } from "@mantine/core";
import {
  IconCopy,
  IconFileCode,
  IconHistory,
  IconPencil,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SaveState } from "@/api/autosave";
import { useContent } from "@/components/content/content-context";
import { ItemHead } from "@/components/content/item-head";
import { RenameDialog } from "@/components/content/rename-dialog";
import { SavedState } from "@/components/content/saved-state";
import { MenuItemLink } from "@/components/links";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import { useCommands } from "@/lib/commands/use-commands";
import type { TestDetailsProps } from "./test-details";
import { OutcomeIcon } from "./test-list";
import classes from "./tests.module.css";
import { useTestFile } from "./use-tests";

interface TestHeadProps extends TestDetailsProps {
  form: ReactNode;
  save: SaveState | null;
}

export function TestHead({ row, rows, mayRun, run, commands, form, save }: TestHeadProps) {
  const { t } = useTranslation("tests");
  const { assistantId, readOnly } = useContent();
  const file = useTestFile(assistantId, row.path);
  const [renaming, setRenaming] = useState(false);
  const place = rows.findIndex(({ id }) => id === row.id);
  const next = (rows[place + 1] ?? rows[place - 1])?.id;
  useCommands(
    readOnly
      ? []
      : [
          {
            id: "tests:duplicate",
            label: t("duplicate"),
            group: t("title"),
            keys: ["Ctrl D"],
            run: () => void commands.duplicate(row.id, (id) => rows.some((each) => each.id === id)),
          },
          {
            id: "tests:delete",
            label: t("delete"),
            group: t("title"),
            keys: ["Delete"],
            run: () => void commands.remove(row.id, next),
          },
        ],
  );
  return (
    <ItemHead
      page={t("title")}
      title={row.name}
      onBack={() => commands.open(undefined)}
      onRename={readOnly ? undefined : () => setRenaming(true)}
      about={
        <>
          <code>{row.path}</code>
          {file?.updated_by ? <PersonAvatar person={file.updated_by} size={18} /> : null}
          {file?.updated_at ? (
            <span>
              {file.updated_by ? `${file.updated_by.name}, ` : ""}
              <Moment at={file.updated_at} />
            </span>
          ) : null}
        </>
      }
      tools={
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={18} stroke={1.75} />}
          rightSection={<kbd>r</kbd>}
          disabled={!mayRun}
          onClick={() => run(row.id)}
        >
          {t("run")}
        </Button>
      }
      menu={{
        label: t("more"),
        entries: (
          <>
            <Menu.Item
              leftSection={<IconPencil size={16} stroke={1.75} />}
              disabled={readOnly}
              onClick={() => setRenaming(true)}
            >
              {t("rename")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCopy size={16} stroke={1.75} />}
              disabled={readOnly}
              onClick={() =>
                void commands.duplicate(row.id, (id) => rows.some((each) => each.id === id))
              }
            >
              {t("duplicate")}
            </Menu.Item>
            <MenuItemLink
              to="/assistants/$assistantId/files"
              params={{ assistantId }}
              search={{ file: row.path, ...(row.test?.line ? { line: row.test.line } : {}) }}
              leftSection={<IconFileCode size={16} stroke={1.75} />}
            >
              {t("openFile")}
            </MenuItemLink>
            <MenuItemLink
              to="/assistants/$assistantId/history"
              params={{ assistantId }}
              search={{ kind: "file", key: row.path }}
              leftSection={<IconHistory size={16} stroke={1.75} />}
            >
              {t("history")}
            </MenuItemLink>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.75} />}
              disabled={readOnly}
              onClick={() => void commands.remove(row.id, next)}
            >
              {t("delete")}
            </Menu.Item>
          </>
        ),
      }}
    >
      <div className={classes["headLine"]}>
        {form}
        <span className={classes["grow"]} />
        {save ? <SavedState save={save} /> : null}
        <span className={classes["outcome"]} role="status">
          <OutcomeIcon outcome={row.outcome} />
          <span>{t(`state.${row.outcome}`)}</span>
        </span>
      </div>
      {renaming ? (
        <RenameDialog
          id={row.name}
          inWords
          problemOf={(name) =>
            name !== row.name && rows.some(({ id }) => id === `${row.path}::${name}`)
              ? t("nameTaken")
              : null
          }
          onRename={(name) => commands.rename(row.id, name)}
          onClose={() => setRenaming(false)}
        />
      ) : null}
    </ItemHead>
  );
}
