import { Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { explained } from "@/api/refusals";
import type { Problem } from "@/api/types";
import type { FlowChange } from "@/api/versions";
import { AnchorLink } from "@/components/links";
import classes from "./train-panel.module.css";

type NotYetProps =
  | { error: Error; onRetry: () => void }
  | { assistantId: string; flows: readonly FlowChange[]; problems: readonly Problem[] };

const SHOWN = 5;

/** Why something cannot be trained now: a refusal in words, or the flows with errors as links. */
export function NotYet(props: NotYetProps) {
  const { t } = useTranslation(["versions", "common"]);
  const refusal = useRef<HTMLDivElement>(null);
  const refused = "error" in props ? props.error : null;
  useEffect(() => {
    if (refused) refusal.current?.scrollIntoView({ block: "nearest" });
  }, [refused]);
  if ("error" in props) {
    const code = explained(props.error);
    return (
      <div className={classes["notYet"]} role="alert" ref={refusal}>
        <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
        <span>
          <b>{code ? t(`common:refused.${code}.title`) : t("refused")}</b>
          <small>{props.error.message}</small>
          {code ? <small>{t(`common:refused.${code}.hint`)}</small> : null}
          <Button variant="default" size="xs" mt={8} onClick={props.onRetry}>
            {t("tryAgain")}
          </Button>
        </span>
      </div>
    );
  }
  const { assistantId, flows, problems } = props;
  const ids = new Set(flows.map((flow) => flow.flow));
  const errors = problems.filter((each) => each.severity === "error" && ids.has(each.id));
  return (
    <div className={classes["notYet"]}>
      <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
      <span>
        <b>{t("cannotGoIn", { count: flows.length, name: flows[0]?.name })}</b>
        <small>{t("restCan")}</small>
        <ul>
          {errors.slice(0, SHOWN).map((problem) => (
            <li key={`${problem.id} ${problem.pointer} ${problem.code}`}>
              <AnchorLink
                to="/assistants/$assistantId/flows/$flowId"
                params={{ assistantId, flowId: problem.id }}
                search={problem.step ? { step: problem.step } : {}}
              >
                {problem.message}
              </AnchorLink>
            </li>
          ))}
          {errors.length > SHOWN ? (
            <li>{t("moreProblems", { count: errors.length - SHOWN })}</li>
          ) : null}
        </ul>
      </span>
    </div>
  );
}
