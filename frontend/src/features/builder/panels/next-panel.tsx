import { useTranslation } from "react-i18next";
import classes from "@/components/content/fields.module.css";
import { setBranchTarget, setNext } from "@/flow-core/edit";
import type { Step } from "@/flow-core/model";
import { useBuilder } from "../builder-context";
import { TargetField } from "./target-field";

/** Where a step, or a branch without steps, leads: the panel of "Connect to" and of "End". */
export function NextPanel({ step, branch }: { step: Step; branch: number | undefined }) {
  const { t } = useTranslation("builder");
  const { edit, select } = useBuilder();
  if (branch !== undefined) {
    const way = step.next.kind === "branches" ? step.next.branches[branch]?.way : undefined;
    if (way?.kind !== "target") return null;
    return (
      <TargetField
        label={t("target.label")}
        value={way.target}
        from={step}
        withFollowing={false}
        onChange={(target) => {
          edit((document) => setBranchTarget(document, step.key, branch, target));
          if (target.kind === "following") select({ kind: "logic", key: step.key });
        }}
      />
    );
  }
  const value = step.next.kind === "target" ? step.next.target : null;
  return (
    <>
      <TargetField
        label={t("target.label")}
        value={value}
        from={step}
        withFollowing
        onChange={(target) => edit((document) => setNext(document, step.key, target))}
      />
      <p className={classes["quiet"]}>{t("target.hint")}</p>
    </>
  );
}
