import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FieldDifference, ItemDifference } from "@/api/history";
import type { Json } from "@/flow-core/json";
import { addedWords } from "@/flow-core/words";
import { capitalised } from "@/lib/capitalised";
import classes from "./change-view.module.css";

/** What a commit did to one item: each field in a sentence, with what it was and what it became side by side. */
export function ChangeView({ change }: { change: ItemDifference }) {
  const { t } = useTranslation("content");
  if (change.changes.length === 0) {
    if (change.action === "added")
      return <p className={classes["quiet"]}>{t("history.wholeNew")}</p>;
    if (change.action === "removed")
      return <p className={classes["quiet"]}>{t("history.wholeGone")}</p>;
    return change.action === "renamed" ? null : (
      <p className={classes["quiet"]}>{t("history.bytes")}</p>
    );
  }
  return (
    <ul className={classes["fields"]}>
      {change.changes.map((field) => (
        <li key={JSON.stringify([field.path, field.sentence])}>
          <p>
            <Sentence text={field.sentence} />
          </p>
          <Sides field={field} />
        </li>
      ))}
    </ul>
  );
}

/** Words between asterisks are names of steps and items. */
export function Sentence({ text }: { text: string }) {
  return capitalised(text)
    .split("*")
    .map((part, index) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence, in their order
      index % 2 === 1 ? <b key={index}>{part}</b> : <Fragment key={index}>{part}</Fragment>,
    );
}

function Sides({ field }: { field: FieldDifference }) {
  const { t } = useTranslation("content");
  const { before, after, action } = field;
  if (action === "moved") return null;
  return (
    <div className={classes["sides"]}>
      {action === "added" ? null : (
        <div className={classes["side"]} data-side="before">
          <small>{t("history.before")}</small>
          <Value value={before} other={action === "changed" ? after : undefined} mark="del" />
        </div>
      )}
      {action === "removed" ? null : (
        <div className={classes["side"]} data-side="after">
          <small>{t("history.after")}</small>
          <Value value={after} other={action === "changed" ? before : undefined} mark="ins" />
        </div>
      )}
    </div>
  );
}

interface ValueProps {
  value: Json;
  /** The other side, if there is one: words that it does not have are marked. */
  other: Json | undefined;
  mark: "ins" | "del";
}

function Value({ value, other, mark: Mark }: ValueProps): ReactNode {
  const { t } = useTranslation("content");
  if (value === "") return <span className={classes["quiet"]}>{t("history.emptyText")}</span>;
  if (typeof value !== "string")
    return <pre className={classes["value"]}>{JSON.stringify(value, null, 2)}</pre>;
  if (typeof other !== "string") return <p className={classes["value"]}>{value}</p>;
  return (
    <p className={classes["value"]}>
      {addedWords(other, value).map((piece, index) =>
        piece.added ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
          <Mark key={index}>{piece.text}</Mark>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
