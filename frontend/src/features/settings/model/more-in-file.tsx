import { useTranslation } from "react-i18next";
import type { LanguageModel } from "@/api/language-model";
import { FileLink } from "./file-link";
import classes from "./model.module.css";

interface MoreInFileProps {
  assistantId: string;
  more: LanguageModel["more"];
}

/** What the files say and the form does not show: it stays as it is. */
export function MoreInFile({ assistantId, more }: MoreInFileProps) {
  const { t } = useTranslation("model");
  const first = more[0];
  if (!first) return null;
  const hidden = more.filter(({ what }) => what === "not_shown").map(({ name }) => name);
  const has = (what: string) => more.some((each) => each.what === what);
  return (
    <section className={classes["more"]} aria-label={t("more.title")}>
      <b>{t("more.title")}</b>{" "}
      {has("written_key") ? <span data-warn={true}>{t("more.written_key")} </span> : null}
      {has("several_models") ? <span>{t("more.several_models")} </span> : null}
      {hidden.length > 0 ? (
        <span>{t("more.not_shown", { names: hidden.join(", "), count: hidden.length })} </span>
      ) : null}
      <FileLink assistantId={assistantId} file={first.file} />
    </section>
  );
}
