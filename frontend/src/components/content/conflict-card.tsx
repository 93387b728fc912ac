import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SaveConflict, Whose } from "@/api/autosave";
import { useMe } from "@/api/me";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import type { Json } from "@/flow-core/json";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./conflict-card.module.css";

interface ConflictCardProps {
  conflict: SaveConflict;
  onDecide: (whose: Whose) => void;
}

/** Two people changed the same field: both sides stand next to each other, and nothing is overwritten. */
export function ConflictCard({ conflict, onDecide }: ConflictCardProps) {
  const { t } = useTranslation("content");
  const me = useMe();
  const card = useRef<HTMLElement>(null);
  const { updated_by: author, updated_at: at } = conflict.current;
  const name = author?.name ?? t("someone");
  const [field] = conflict.fields;
  const mayKeepBoth = conflict.both !== null;
  // It may come while somebody types: Enter and Space meant for their words must not press a button of it.
  useEffect(() => card.current?.focus(), []);
  useCommands(
    [
      {
        id: "conflict:mine",
        label: t("conflict.mine"),
        group: t("group"),
        keys: ["1"],
        hidden: true,
        run: () => onDecide("mine"),
      },
      {
        id: "conflict:theirs",
        label: t("conflict.theirs", { name }),
        group: t("group"),
        keys: ["2"],
        hidden: true,
        run: () => onDecide("theirs"),
      },
      ...(mayKeepBoth
        ? [
            {
              id: "conflict:both",
              label: t("conflict.both"),
              group: t("group"),
              keys: ["3"],
              hidden: true,
              run: () => onDecide("both"),
            },
          ]
        : []),
    ],
    "part",
  );
  return (
    <section
      className={classes["card"]}
      role="alertdialog"
      ref={card}
      tabIndex={-1}
      aria-label={t("conflict.title", { name })}
    >
      <div className={classes["head"]}>
        <span className={classes["icon"]}>
          <IconGitMerge size={18} stroke={1.75} aria-hidden="true" />
        </span>
        <div>
          <h2 className="small-heading">{t("conflict.title", { name })}</h2>
          <p className={classes["when"]}>
            {t("conflict.fields", { count: conflict.fields.length })}
            {at ? (
              <>
                , <Moment at={at} />
              </>
            ) : null}
          </p>
        </div>
      </div>
      <div className={classes["sides"]}>
        <Side person={me} title={t("conflict.yours")} value={field?.mine} />
        <Side
          person={author ?? { id: "", name }}
          title={t("conflict.saved", { name })}
          value={field?.theirs}
        />
      </div>
      <div className={classes["foot"]}>
        {mayKeepBoth ? (
          <Button variant="default" onClick={() => onDecide("both")}>
            {t("conflict.both")}
          </Button>
        ) : null}
        <Button variant="default" onClick={() => onDecide("mine")}>
          {t("conflict.mine")}
        </Button>
        <Button onClick={() => onDecide("theirs")}>{t("conflict.theirs", { name })}</Button>
      </div>
    </section>
  );
}

function Side({
  person,
  title,
  value,
}: {
  person: { id: string; name: string };
  title: string;
  value: Json | undefined;
}) {
  return (
    <div className={classes["side"]}>
      <div className={classes["who"]}>
        <PersonAvatar person={person} size={18} />
        <b>{title}</b>
      </div>
      <p className={classes["value"]}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 1)}
      </p>
    </div>
  );
}
