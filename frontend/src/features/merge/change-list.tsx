import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/types";
import { useKindName } from "@/components/content/use-kind";
import classes from "./merge.module.css";

type ItemDifference = Schemas["ItemDifference"];

/** What nobody has to decide about, by item, folded. */
export function ChangeList({ changes }: { changes: ItemDifference[] }) {
  const { t } = useTranslation("merge");
  if (changes.length === 0) return null;
  return (
    <details className={classes["changes"]}>
      <summary>{t("comeAlong", { count: changes.length })}</summary>
      <ul>
        {changes.map((change) => (
          <Change key={`${change.kind} ${change.key}`} change={change} />
        ))}
      </ul>
    </details>
  );
}

const WORDS = { added: "added", changed: "changed", removed: "gone", renamed: "renamed" } as const;

function Change({ change }: { change: ItemDifference }) {
  const { t } = useTranslation("merge");
  const kind = useKindName()(change.kind);
  return (
    <li>
      <span>{t(WORDS[change.action])}</span>
      <div>
        <b>{t("place.item", { kind, key: change.key })}</b>
        {change.changes.map(({ path, sentence }) => (
          <p key={JSON.stringify([path, sentence])}>{sentence.replaceAll("*", "")}</p>
        ))}
      </div>
    </li>
  );
}
