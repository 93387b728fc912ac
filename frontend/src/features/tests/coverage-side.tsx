import { useTranslation } from "react-i18next";
import { AnchorLink } from "@/components/links";
import { Moment } from "@/components/moment";
import { ProgressBar } from "@/components/progress-bar";
import { StateDot } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import { humanise } from "@/lib/humanise";
import type { useMemory } from "./results";
import classes from "./tests.module.css";

interface CoverageSideProps {
  assistantId: string;
  memory: ReturnType<typeof useMemory>;
}

/** Which steps the tests visit, flow by flow, and the runs of this visit. */
export function CoverageSide({ assistantId, memory }: CoverageSideProps) {
  const { t } = useTranslation("tests");
  const set = useSearchChange<{ run?: string; version?: string; path?: string }>();
  const { coverage, runs } = memory;
  const flows = (coverage ?? []).map((flow) => ({
    ...flow,
    visited: flow.steps - flow.missing.length,
  }));
  const steps = flows.reduce((sum, flow) => sum + flow.steps, 0);
  const visited = flows.reduce((sum, flow) => sum + flow.visited, 0);
  const share = steps > 0 ? Math.round((100 * visited) / steps) : 0;
  return (
    <>
      <div className={classes["sideHead"]}>
        <h3>{t("coverage.title")}</h3>
        {coverage ? <b>{t("percent", { share })}</b> : null}
      </div>
      {coverage ? (
        <ul className={classes["coverage"]}>
          {flows.map(({ flow_id: flow, visited: reached, steps: all, missing }) => (
            <li key={flow}>
              <AnchorLink
                to="/assistants/$assistantId/flows/$flowId"
                params={{ assistantId, flowId: flow }}
                search={missing[0] ? { step: missing[0].step_id } : {}}
                title={missing.map(({ step_id: step }) => step).join(", ")}
              >
                {humanise(flow)}
              </AnchorLink>
              <span>{t("coverage.count", { reached, all })}</span>
              <ProgressBar value={all > 0 ? Math.round((100 * reached) / all) : 100} />
            </li>
          ))}
        </ul>
      ) : (
        <p className={classes["hint"]}>{t("coverage.none")}</p>
      )}
      {runs.length > 0 ? (
        <>
          <h3 className={classes["runsTitle"]}>{t("runs")}</h3>
          <ul className={classes["runs"]}>
            {runs.map(({ id, version, path, passed, failed, at }) => (
              <li key={id}>
                <button type="button" onClick={() => set({ run: id, version, path })}>
                  <StateDot tone={failed > 0 ? "err" : "ok"} />
                  <span>{t("summary", { passed, all: passed + failed })}</span>
                  <small>
                    {path === "." ? t("allTests") : path.replace(/^.*(\/|::)/, "")},{" "}
                    <Moment at={at} />
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
