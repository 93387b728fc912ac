import { useTranslation } from "react-i18next";
import { useBuilder } from "../builder-context";
import { ChoiceField } from "./choice-field";
import { asIdentifier } from "./slot-field";
import { useResponseName } from "./use-response-name";

interface ResponseFieldProps {
  label: string;
  value: string;
  onChange: (response: string) => void;
}

/** Chooses a response, or names a new one. */
export function ResponseField({ label, value, onChange }: ResponseFieldProps) {
  const { t } = useTranslation("builder");
  const { sources } = useBuilder();
  const nameOf = useResponseName();
  const asResponse = (name: string) => {
    const identifier = asIdentifier(name);
    return identifier.startsWith("utter_") ? identifier : `utter_${identifier.toLowerCase()}`;
  };
  return (
    <ChoiceField
      label={label}
      value={value === "utter_" ? "" : value}
      choices={[...sources.responses.values()].map((response) => ({
        value: response.id,
        label: nameOf(response.id),
        hint: response.text ?? response.id,
      }))}
      onChange={onChange}
      onCreate={(name) => onChange(asResponse(name))}
      createLabel={(name) => t("createResponse", { name: asResponse(name) })}
      placeholder={t("chooseMessage")}
    />
  );
}
