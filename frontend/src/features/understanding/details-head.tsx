import { Menu, Popover } from "@mantine/core";
import { IconChevronDown, IconLink, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { ItemHead } from "@/components/content/item-head";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { RenameTaught } from "./rename-taught";
import classes from "./understanding.module.css";

interface DetailsHeadProps {
  title: string;
  /** Under the title. */
  about?: ReactNode;
  actions?: ReactNode;
  list: ReactNode;
  onBack: () => void;
  /** What a new name needs; without it there is none. */
  rename?: { kind: "intents" | "entities"; onDone: (name: string) => void };
  /** Why it cannot be deleted, or how it is. */
  remove: { label: string; run: (() => void) | null };
}

export function DetailsHead(props: DetailsHeadProps) {
  const { title, about, actions, list, onBack, rename, remove } = props;
  const { t } = useTranslation("understanding");
  const { readOnly } = useContent();
  const [renaming, setRenaming] = useState(false);
  const mayRename = rename !== undefined && !readOnly;
  const copyLink = () =>
    void navigator.clipboard
      .writeText(window.location.href)
      .then(() => toast.done(t("linkCopied")));
  return (
    <ItemHead
      page={t("title")}
      title={title}
      onBack={onBack}
      onRename={mayRename ? () => setRenaming(true) : undefined}
      beside={<TitleMenu list={list} />}
      about={about}
      tools={actions}
      menu={{
        label: t("more"),
        entries: (
          <>
            <Menu.Item leftSection={<IconLink size={16} stroke={1.75} />} onClick={copyLink}>
              {t("copyLink")}
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.75} />}
              disabled={readOnly || remove.run === null}
              onClick={() => remove.run?.()}
            >
              {remove.label}
            </Menu.Item>
          </>
        ),
      }}
    >
      {renaming && rename ? (
        <RenameTaught name={title} {...rename} onClose={() => setRenaming(false)} />
      ) : null}
    </ItemHead>
  );
}

/** The list, in a window that has no room for it. */
function TitleMenu({ list }: { list: ReactNode }) {
  const { t } = useTranslation("understanding");
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <span className={classes["titleMenu"]}>
          <IconButton
            size={28}
            label={t("allOfThem")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <IconChevronDown size={16} stroke={1.75} />
          </IconButton>
        </span>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <div className={classes["menuList"]}>{open ? list : null}</div>
      </Popover.Dropdown>
    </Popover>
  );
}
