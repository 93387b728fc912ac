import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./bar-field.module.css";

interface SearchFieldProps {
  /** What can be searched for; also the name of the field. */
  label: string;
  /** Where the key stands in the list of all keys. */
  group: string;
  /** In pixels; without it the field takes the room that there is. */
  width?: number;
  pill?: boolean;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** The search of a page; `/` leads to it, Escape empties it. */
export function SearchField({ label, group, width, pill, value = "", onChange }: SearchFieldProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: "search",
      label: t("table.search"),
      group,
      keys: ["/"],
      run: () => field.current?.focus(),
    },
  ]);
  return (
    <TextInput
      ref={field}
      {...(width === undefined ? {} : { w: width })}
      classNames={{ input: classes["input"] }}
      data-pill={pill}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.75} />}
      rightSection={value ? null : <kbd>/</kbd>}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && value) onChange(undefined);
      }}
    />
  );
}
