import { useTranslation } from "react-i18next";
import { ChoiceField } from "@/components/content/choice-field";
import type { Target } from "@/flow-core/edit";
import type { Step } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { useBuilder, useDocument } from "../builder-context";

interface TargetFieldProps {
  label: string;
  /** Step id or END; null for "goes on below". */
  value: string | null;
  onChange: (target: Target) => void;
  /** The step the line starts at cannot be its own target. */
  from?: Step;
  withFollowing: boolean;
}

const FOLLOWING = "\u0000following";
const END_VALUE = "\u0000end";

/** "Then go to": any step of the flow, its end, or simply on. */
export function TargetField({ label, value, onChange, from, withFollowing }: TargetFieldProps) {
  const { t } = useTranslation("builder");
  const { texts } = useBuilder();
  const document = useDocument();
  const { entries, byId } = indexFlow(document);
  const entry = value === null ? undefined : byId.get(value);
  const current = value === null ? FOLLOWING : entry ? entry.step.key : END_VALUE;
  return (
    <ChoiceField
      label={label}
      value={current}
      choices={[
        ...(withFollowing ? [{ value: FOLLOWING, label: t("target.following") }] : []),
        { value: END_VALUE, label: t("target.end") },
        ...entries
          .filter(({ step }) => step !== from)
          .map(({ step, id }) => ({
            value: step.key,
            label: texts.step(step).title,
            hint: texts.step(step).subtitle ?? id,
          })),
      ]}
      onChange={(chosen) => {
        if (chosen === FOLLOWING) onChange({ kind: "following" });
        else if (chosen === END_VALUE) onChange({ kind: "end" });
        else onChange({ kind: "step", key: chosen });
      }}
    />
  );
}
