import { Radio } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./settings.module.css";

interface EntryChoiceProps {
  membersOnly: boolean;
  disabled: boolean;
  onChange: (membersOnly: boolean) => void;
}

/** Everybody by their roles, or only the people and groups of the list. */
export function EntryChoice({ membersOnly, disabled, onChange }: EntryChoiceProps) {
  const { t } = useTranslation("settings");
  return (
    <Radio.Group
      aria-label={t("members.entry")}
      className={classes["entry"]}
      value={membersOnly ? "members" : "everybody"}
      onChange={(value) => onChange(value === "members")}
    >
      {(["everybody", "members"] as const).map((value) => (
        <Radio
          key={value}
          value={value}
          disabled={disabled}
          label={t(`members.enters.${value}.label`)}
          description={t(`members.enters.${value}.sentence`)}
          classNames={{
            root: classes["entryCard"],
            body: classes["entryBody"],
            label: classes["entryLabel"],
            description: classes["entryHint"],
          }}
        />
      ))}
    </Radio.Group>
  );
}
