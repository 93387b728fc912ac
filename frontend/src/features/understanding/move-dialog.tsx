import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { intentsQuery } from "@/api/understanding";
import { ChoiceField } from "@/components/content/choice-field";
import { useContent } from "@/components/content/content-context";
import { FormDialog } from "@/components/form-dialog";

interface MoveDialogProps {
  intent: string;
  count: number;
  onMove: (intent: string) => void;
  onClose: () => void;
}

/** To which intent examples go. */
export function MoveDialog({ intent, count, onMove, onClose }: MoveDialogProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const intents = useQuery(intentsQuery(assistantId)).data ?? [];
  const others = intents.filter(({ id }) => id !== intent);
  const [other, setOther] = useState(others[0]?.id ?? "");
  return (
    <FormDialog
      title={t("moveTitle", { count })}
      submit={t("move")}
      disabled={other === ""}
      onSubmit={() => onMove(other)}
      onClose={onClose}
    >
      <ChoiceField
        first
        label={t("toIntent")}
        value={other}
        choices={others.map(({ id, example_count: examples }) => ({
          value: id,
          label: id,
          hint: t("exampleCount", { count: examples }),
        }))}
        onChange={setOther}
      />
    </FormDialog>
  );
}
