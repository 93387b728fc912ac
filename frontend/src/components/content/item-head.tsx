import { Menu } from "@mantine/core";
import { IconArrowLeft, IconDots, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./item-head.module.css";

interface ItemHeadProps {
  /** What the page is called, where the arrow leads on a narrow screen. */
  page: string;
  title: string;
  onBack: () => void;
  /** Opens the dialog for another name; F2 does the same. None: it gets no other name here. */
  onRename?: (() => void) | undefined;
  /** Beside the name. */
  beside?: ReactNode;
  /** Below the name. */
  about?: ReactNode;
  tools?: ReactNode;
  /** Entries of the menu, and what it is called. */
  menu?: { label: string; entries: ReactNode };
  /** More lines of the head, and its dialogs. */
  children?: ReactNode;
}

/** Over one item: the way back, its name with a pencil, what is said of it, its tools and its menu. */
export function ItemHead(props: ItemHeadProps) {
  const { page, title, onBack, onRename, beside, about, tools, menu, children } = props;
  const { t } = useTranslation("content");
  useCommands(
    onRename
      ? [
          {
            id: "item:rename",
            label: t("rename.title"),
            group: page,
            keys: ["F2"],
            inFields: true,
            run: onRename,
          },
        ]
      : [],
  );
  return (
    <header className={classes["head"]}>
      <div className={classes["line"]}>
        <span className={classes["back"]}>
          <IconButton label={page} onClick={onBack}>
            <IconArrowLeft size={18} stroke={1.75} />
          </IconButton>
        </span>
        <div className={classes["title"]}>
          <div className={classes["name"]}>
            <h2>{title}</h2>
            {onRename ? (
              <IconButton size={28} label={t("rename.title")} keyHint="F2" onClick={onRename}>
                <IconPencil size={16} stroke={1.75} />
              </IconButton>
            ) : null}
            {beside}
          </div>
          {about ? <div className={classes["about"]}>{about}</div> : null}
        </div>
        {tools || menu ? (
          <div className={classes["tools"]}>
            {tools}
            {menu ? (
              <Menu position="bottom-end">
                <Menu.Target>
                  <IconButton label={menu.label}>
                    <IconDots size={18} stroke={1.75} />
                  </IconButton>
                </Menu.Target>
                <Menu.Dropdown>{menu.entries}</Menu.Dropdown>
              </Menu>
            ) : null}
          </div>
        ) : null}
      </div>
      {children}
    </header>
  );
}
