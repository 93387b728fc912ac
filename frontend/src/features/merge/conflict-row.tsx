import { Radio } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MergeConflict, Side } from "@/api/branches";
import type { Json, Schemas } from "@/api/types";
import { Moment } from "@/components/moment";
import classes from "./merge.module.css";
import { useKind } from "./use-kind";

interface ConflictRowProps {
  conflict: MergeConflict;
  /** Names of the two branches. */
  names: Record<Side, string>;
  side: Side | undefined;
  onDecide: (side: Side) => void;
}

/** One field that both changed: what it was, and the two that it may become. */
export function ConflictRow({ conflict, names, side, onDecide }: ConflictRowProps) {
  const { t } = useTranslation("merge");
  const kind = useKind(conflict.kind);
  const values = { kind, key: conflict.key, step: conflict.step ?? "" };
  const place = conflict.step ? t("place.step", values) : t("place.item", values);
  const field = conflict.field || t("whole");
  return (
    <li className={classes["conflict"]} {...(side ? {} : { "data-open": true })}>
      <h3>
        {place}: <span>{field}</span>
      </h3>
      <div className={classes["before"]}>
        <b>{t("before")}</b>
        <Value value={conflict.base} absent={t("notThere")} />
      </div>
      <Radio.Group
        value={side ?? null}
        onChange={(value) => onDecide(value === "mine" ? "mine" : "theirs")}
        aria-label={t("which", { place: `${place}, ${field}` })}
      >
        <div className={classes["sides"]}>
          {(["mine", "theirs"] as const).map((each) => (
            <Radio.Card key={each} value={each} className={classes["side"] ?? ""}>
              <span className={classes["who"]}>
                <Radio.Indicator />
                <Author name={names[each]} by={conflict[`${each}_by`]} />
              </span>
              <Value value={conflict[each]} absent={t("removed")} />
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </li>
  );
}

function Author({ name, by }: { name: string; by: Schemas["ChangedBy"] | null }) {
  const { t } = useTranslation("merge");
  return (
    <span>
      <b>{t("sideOf", { branch: name })}</b>
      {by ? (
        <span className={classes["by"]}>
          {t("changedBy", { name: by.author?.name ?? t("someone") })}
          <Moment at={by.at} />
        </span>
      ) : null}
    </span>
  );
}

function Value({ value, absent }: { value: Json | undefined; absent: string }) {
  if (value === undefined) return <span className={classes["absent"]}>{absent}</span>;
  return (
    <span className={classes["value"]}>
      {typeof value === "string" ? value : JSON.stringify(value, null, 1)}
    </span>
  );
}
