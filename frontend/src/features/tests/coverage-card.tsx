import { Fragment, useId } from "react";
import { useTranslation } from "react-i18next";
import type { FlowCoverage } from "@/api/tests";
import { AnchorLink } from "@/components/links";
import { ProgressBar } from "@/components/progress-bar";
import classes from "./tests.module.css";

interface CoverageCardProps {
  assistantId: string;
  coverage: readonly FlowCoverage[];
}

export function CoverageCard({ assistantId, coverage }: CoverageCardProps) {
  const { t } = useTranslation("tests");
  const title = useId();
  return (
    <section className={classes["card"]} aria-labelledby={title}>
      <header>
        <h2 id={title}>{t("coverage.title")}</h2>
        <span className={classes["hint"]}>{t("coverage.sentence")}</span>
      </header>
      <ul>
        {coverage.map(({ flow_id: flow, coverage: share, missing }) => (
          <li key={flow} className={classes["coverage"]}>
            <AnchorLink
              to="/assistants/$assistantId/flows/$flowId"
              params={{ assistantId, flowId: flow }}
            >
              {flow}
            </AnchorLink>
            <ProgressBar value={Math.round(share * 100)} />
            <b>{Math.round(share * 100)} %</b>
            <span className={classes["hint"]}>
              {missing.length > 0
                ? `${t("coverage.missing", { count: missing.length })}: `
                : t("coverage.whole")}
              {missing.map(({ step_id: step }, place) => (
                <Fragment key={step}>
                  {place > 0 ? ", " : null}
                  <AnchorLink
                    to="/assistants/$assistantId/flows/$flowId"
                    params={{ assistantId, flowId: flow }}
                    search={{ step }}
                  >
                    {step}
                  </AnchorLink>
                </Fragment>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
