import { useTranslation } from "react-i18next";
import type { Mark, Segment } from "@/flow-core/nlu";
import grid from "./examples.module.css";

/** Words with the entities marked in them; read out as "savings card, card kind, role to". */
export function MarkedText({ segments }: { segments: readonly Segment[] }) {
  return segments.map((segment) =>
    segment.mark ? (
      <Marked key={segment.start} words={segment.text} mark={segment.mark} />
    ) : (
      <span key={segment.start}>{segment.text}</span>
    ),
  );
}

function Marked({ words, mark }: { words: string; mark: Mark }) {
  const { t } = useTranslation("understanding");
  const { entity, role, group, value } = mark;
  const means = value !== undefined && value !== words ? value : "";
  const said = [
    entity.replaceAll("_", " "),
    role ? t("said.role", { role }) : "",
    group ? t("said.group", { group }) : "",
    means ? t("said.means", { means }) : "",
  ];
  return (
    <span className={grid["mark"]} data-mark={mark.start}>
      {words}
      <span className="visually-hidden">{`, ${said.filter(Boolean).join(", ")},`}</span>
      <small aria-hidden="true">
        {[entity, role, group].filter(Boolean).join(" ")}
        {means ? <i> = {means}</i> : null}
      </small>
    </span>
  );
}
