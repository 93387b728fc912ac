import { Button, Modal, Radio } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { canKeepBranch, countBelow } from "@/flow-core/edit-remove";
import type { Step } from "@/flow-core/model";
import { useBuilder, useDocument } from "./builder-context";
import classes from "./delete-logic-dialog.module.css";

interface DeleteLogicDialogProps {
  step: Step;
  onDelete: (keep: number | "none") => void;
  onClose: () => void;
}

/** Deleting a branching with steps below needs a decision: whose steps stay? */
export function DeleteLogicDialog({ step, onDelete, onClose }: DeleteLogicDialogProps) {
  const { t } = useTranslation(["builder", "common"]);
  const { texts } = useBuilder();
  const document = useDocument();
  const branches = step.next.kind === "branches" ? step.next.branches : [];
  const keepable = branches
    .map((branch, index) => ({ branch, index }))
    .filter(
      ({ branch, index }) =>
        branch.way.kind === "steps" && canKeepBranch(document, step.key, index),
    );
  const [keep, setKeep] = useState<string>(String(keepable[0]?.index ?? "none"));
  return (
    <Modal opened onClose={onClose} title={t("deleteLogicDialog.title")}>
      <Radio.Group value={keep} onChange={setKeep} label={t("deleteLogicDialog.question")}>
        <div className={classes["choices"]}>
          {keepable.map(({ branch, index }) => (
            <Radio
              key={index}
              value={String(index)}
              label={t("deleteLogicDialog.keep", { branch: texts.branch(branch) })}
            />
          ))}
          <Radio
            value="none"
            label={t("deleteLogicDialog.none", { count: countBelow(document, step.key) })}
          />
        </div>
      </Radio.Group>
      <div className={classes["foot"]}>
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button onClick={() => onDelete(keep === "none" ? "none" : Number(keep))} data-autofocus>
          {t("deleteLogic")}
        </Button>
      </div>
    </Modal>
  );
}
