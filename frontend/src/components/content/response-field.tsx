import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { nameFrom } from "@/flow-core/response";
import { ChoiceField } from "./choice-field";
import { useContent } from "./content-context";
import { asIdentifier } from "./slot-field";
import { useCreate } from "./use-create";
import { useResponseName } from "./use-response-name";

const PREFIX = "utter_";

interface ResponseFieldProps {
  label: string;
  value: string;
  onChange: (response: string) => void;
}

/** Chooses a response, or makes one of the words that are typed; `utter_…` is a name whose words are written next. */
export function ResponseField({ label, value, onChange }: ResponseFieldProps) {
  const { t } = useTranslation("content");
  const { assistantId, sources } = useContent();
  const make = useCreate(assistantId);
  const nameOf = useResponseName();
  const say = async (text: string) => {
    const name = nameFrom(text, (taken) => sources.responses.has(taken));
    try {
      await make("responses", name, [{ text }]);
      onChange(name);
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <ChoiceField
      label={label}
      value={value === PREFIX ? "" : value}
      choices={[...sources.responses.values()].map((response) => ({
        value: response.id,
        label: nameOf(response.id),
        hint: response.text ?? response.id,
      }))}
      onChange={onChange}
      onCreate={(typed) =>
        typed.startsWith(PREFIX) ? onChange(asIdentifier(typed)) : void say(typed)
      }
      createLabel={(typed) =>
        typed.startsWith(PREFIX)
          ? t("createResponse", { name: asIdentifier(typed) })
          : t("createWords", { text: typed })
      }
      placeholder={t("chooseMessage")}
    />
  );
}
