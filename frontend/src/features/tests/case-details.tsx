import { useTranslation } from "react-i18next";
import type { CaseResult, Said } from "@/api/tests";
import classes from "./tests.module.css";

/** What was said in a test, and under it what went wrong. */
export function CaseDetails({ file, result }: { file: string; result: CaseResult }) {
  const { t } = useTranslation("tests");
  const { failure } = result;
  return (
    <div className={classes["details"]}>
      <ol>
        {result.transcript.map((said, place) => (
          // A transcript never changes; two lines of it may be the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={place} data-who={said.who}>
            <Line said={said} />
          </li>
        ))}
      </ol>
      {failure ? (
        <p className={classes["problem"]}>
          <b>{t("failedAt", { file, line: failure.line })}</b>
          {failure.problem}
        </p>
      ) : null}
      {result.not_judged?.map(({ line, assertion, problem }) => (
        <p key={`${line} ${assertion}`}>
          <b>{t("failedAt", { file, line })}</b> <code>{assertion}</code> {problem}
        </p>
      ))}
    </div>
  );
}

function Line({ said }: { said: Said }) {
  const { t } = useTranslation("tests");
  if (said.who === "slot")
    return <code>{t("slot", { name: said.name, value: JSON.stringify(said.value) })}</code>;
  return (
    <>
      <span className={classes["who"]}>{t(said.who)}</span>
      <span className={classes["bubble"]}>{said.text}</span>
    </>
  );
}
