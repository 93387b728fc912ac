import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { AddRow } from "@/components/content/add-row";
import { ConditionEditor } from "@/components/content/condition-editor";
import classes from "@/components/content/fields.module.css";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { setBranchTarget } from "@/flow-core/edit";
import { addBranch, moveBranch, removeBranch } from "@/flow-core/edit-remove";
import type { Branch, Step } from "@/flow-core/model";
import { changeBranch } from "@/flow-core/structure";
import { useBuilder } from "../builder-context";
import { TargetField } from "./target-field";

/** The branches after a step: conditions in the order they are tried, and Else for everything else. */
export function LogicPanel({ step }: { step: Step }) {
  const { t } = useTranslation("builder");
  const { edit } = useBuilder();
  if (step.next.kind !== "branches") return null;
  const { branches } = step.next;
  return (
    <>
      <p>{t("logic.intro")}</p>
      {branches.map((branch, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: branches have no identity but their place
        <BranchCard key={index} step={step} branch={branch} index={index} count={branches.length} />
      ))}
      <AddRow
        label={t("logic.add")}
        onClick={() => edit((document) => addBranch(document, step.key))}
      />
    </>
  );
}

interface BranchCardProps {
  step: Step;
  branch: Branch;
  index: number;
  count: number;
}

function BranchCard({ step, branch, index, count }: BranchCardProps) {
  const { t } = useTranslation(["builder", "canvas"]);
  const { edit, readOnly } = useBuilder();
  const { way } = branch;
  const isIf = branch.role === "if";
  const condition = branch.fields["if"];
  const remove = () => {
    const undo = edit((document) => removeBranch(document, step.key, index));
    toast.done(t("logic.removed"), { undo });
  };
  return (
    <div className={classes["card"]}>
      <div className={classes["row"]}>
        <b className={classes["grow"]}>
          {isIf ? t("logic.if", { number: index + 1 }) : t("canvas:else")}
        </b>
        {isIf && !readOnly ? (
          <>
            <IconButton
              size={28}
              label={t("logic.earlier")}
              disabled={index === 0}
              onClick={() => edit((document) => moveBranch(document, step.key, index, index - 1))}
            >
              <IconArrowUp size={16} stroke={1.75} />
            </IconButton>
            <IconButton
              size={28}
              label={t("logic.later")}
              disabled={index >= count - 2}
              onClick={() => edit((document) => moveBranch(document, step.key, index, index + 1))}
            >
              <IconArrowDown size={16} stroke={1.75} />
            </IconButton>
            <IconButton size={28} label={t("logic.remove")} onClick={remove}>
              <IconTrash size={16} stroke={1.75} />
            </IconButton>
          </>
        ) : null}
      </div>
      {isIf ? (
        <ConditionEditor
          value={typeof condition === "string" ? condition : String(condition ?? "")}
          onChange={(value) =>
            edit(
              (document) =>
                changeBranch(document, step.key, index, (each) => ({
                  ...each,
                  fields: { ...each.fields, if: value },
                })),
              `${step.key} branch ${index}`,
            )
          }
        />
      ) : (
        <p className={classes["quiet"]}>{t("logic.else")}</p>
      )}
      {way.kind === "target" ? (
        <TargetField
          label={t("target.label")}
          value={way.target}
          from={step}
          withFollowing={false}
          onChange={(target) =>
            edit((document) => setBranchTarget(document, step.key, index, target))
          }
        />
      ) : (
        <p className={classes["quiet"]}>{t("logic.steps", { count: way.steps.length })}</p>
      )}
    </div>
  );
}
