import {
  IconArrowUpRight,
  IconChevronDown,
  IconChevronRight,
  IconFile,
  IconFileCode,
  IconFileText,
  IconFolder,
} from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { endingOf } from "@/lib/ending-of";
import classes from "./files-page.module.css";
import type { TreeRow } from "./tree";

interface FileTreeProps {
  rows: readonly TreeRow[];
  closed: ReadonlySet<string>;
  /** Path of the open file. */
  chosen: string | undefined;
  onOpen: (path: string) => void;
  onClose: (folder: string, closed: boolean) => void;
  onRename: (path: string) => void;
  onDelete: (path: string) => void;
}

/** Folders and files. One tab stop; arrows move, left and right close and open, letters jump, Enter opens. */
export function FileTree(props: FileTreeProps) {
  const { rows, closed, chosen, onOpen, onClose } = props;
  const { t } = useTranslation("files");
  const tree = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | null>(null);
  const stop = rows.some(({ path }) => path === chosen) ? chosen : rows[0]?.path;
  const rowAt = (path: string) =>
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`);
  useEffect(() => {
    if (wanted.current === null) return;
    rowAt(wanted.current)?.focus();
    wanted.current = null;
  });
  const go = (row: TreeRow | undefined) => row && rowAt(row.path)?.focus();
  const onKeyDown = (event: KeyboardEvent) => {
    const path = (event.target as HTMLElement).dataset["path"];
    const at = rows.findIndex((row) => row.path === path);
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = row.file === null && !closed.has(row.path);
    const actions: Record<string, () => void> = {
      ArrowDown: () => go(rows[at + 1]),
      ArrowUp: () => go(rows[at - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowLeft: () => {
        if (isOpen) onClose(row.path, true);
        else
          go(rows.find(({ path }) => row.path.startsWith(`${path}/`) && isParent(path, row.path)));
      },
      ArrowRight: () => {
        if (row.file) return;
        if (isOpen) go(rows[at + 1]);
        else onClose(row.path, false);
      },
      Enter: () => activate(row),
      " ": () => activate(row),
      F2: () => row.file && props.onRename(row.path),
      Delete: () => row.file && props.onDelete(row.path),
    };
    const action = actions[event.key];
    if (action) action();
    else if (event.key.length === 1) go(next(rows, at, event.key));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const activate = (row: TreeRow) => {
    wanted.current = row.path;
    if (row.file) onOpen(row.path);
    else onClose(row.path, !closed.has(row.path));
  };
  return (
    <div
      ref={tree}
      className={classes["tree"]}
      role="tree"
      aria-label={t("title")}
      onKeyDown={onKeyDown}
    >
      {rows.map((row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
        <div
          key={row.path}
          role="treeitem"
          aria-level={row.level}
          aria-selected={row.path === chosen}
          {...(row.file ? {} : { "aria-expanded": !closed.has(row.path) })}
          tabIndex={row.path === stop ? 0 : -1}
          data-path={row.path}
          className={classes["row"]}
          style={{ "--level": row.level }}
          onClick={() => activate(row)}
        >
          <RowIcon row={row} closed={closed.has(row.path)} />
          <span className={classes["name"]}>{row.name}</span>
          {row.file === null && closed.has(row.path) ? <small>{row.count}</small> : null}
          {row.file && row.file.items.length > 0 ? (
            <IconArrowUpRight
              className={classes["written"] ?? ""}
              size={14}
              stroke={1.75}
              aria-label={t("written")}
            />
          ) : null}
        </div>
      ))}
    </div>
  );
}

function isParent(folder: string, path: string): boolean {
  return !path.slice(folder.length + 1).includes("/");
}

/** The next row below, and then from the top, that begins with the letter. */
function next(rows: readonly TreeRow[], at: number, letter: string): TreeRow | undefined {
  const wanted = letter.toLowerCase();
  return [...rows.slice(at + 1), ...rows.slice(0, at)].find(({ name }) =>
    name.toLowerCase().startsWith(wanted),
  );
}

const CODE = new Set(["py", "yml", "yaml", "json", "jinja", "jinja2", "j2"]);
const WORDS = new Set(["md", "txt", "rst", "html"]);

function RowIcon({ row, closed }: { row: TreeRow; closed: boolean }) {
  if (row.file === null) {
    const Chevron = closed ? IconChevronRight : IconChevronDown;
    return (
      <>
        <Chevron size={14} stroke={1.75} aria-hidden="true" />
        <IconFolder size={16} stroke={1.75} aria-hidden="true" />
      </>
    );
  }
  const ending = endingOf(row.path);
  const Icon = CODE.has(ending) ? IconFileCode : WORDS.has(ending) ? IconFileText : IconFile;
  return (
    <>
      <span className={classes["noChevron"]} />
      <Icon size={16} stroke={1.75} aria-hidden="true" />
    </>
  );
}
