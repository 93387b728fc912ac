import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { IconPlus, IconSelector } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBuilder } from "../builder-context";
import classes from "./choice-field.module.css";

export interface Choice {
  value: string;
  label: string;
  /** A second line. */
  hint?: string;
}

interface ChoiceFieldProps {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
  /** Offers to make what was typed, when nothing is called so. */
  onCreate?: (name: string) => void;
  createLabel?: (name: string) => string;
  icon?: ReactNode;
  /** Right inside the field, such as the type of a slot. */
  badge?: ReactNode;
  placeholder?: string;
  error?: ReactNode;
  /** Two fields in one row share a heading; the label is then only read out. */
  labelHidden?: boolean;
}

const SHOWN = 100;

/** A field to choose from many by typing, which can also make the thing that is missing. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { label, value, choices, onChange, onCreate, createLabel, icon, badge, labelHidden } =
    props;
  const { t } = useTranslation("builder");
  const { readOnly } = useBuilder();
  const [search, setSearch] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch(null);
    },
  });
  const chosen = choices.find((choice) => choice.value === value);
  const wanted = (search ?? "").trim().toLowerCase();
  const found = choices.filter(
    (choice) =>
      choice.label.toLowerCase().includes(wanted) || choice.value.toLowerCase().includes(wanted),
  );
  const exact = choices.some(
    (choice) => choice.value.toLowerCase() === wanted || choice.label.toLowerCase() === wanted,
  );
  const offersNew = onCreate !== undefined && wanted !== "" && !exact;
  return (
    <Combobox
      store={combobox}
      shadow="md"
      onOptionSubmit={(option) => {
        if (option === NEW) onCreate?.((search ?? "").trim());
        else onChange(option);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          {...(labelHidden ? { "aria-label": label } : { label })}
          error={props.error}
          placeholder={props.placeholder ?? t("choose")}
          leftSection={icon}
          leftSectionPointerEvents="none"
          rightSection={
            <span className={classes["right"]}>
              {search === null ? badge : null}
              <IconSelector size={16} stroke={1.75} aria-hidden="true" />
            </span>
          }
          rightSectionWidth={badge ? 108 : 30}
          rightSectionPointerEvents="none"
          readOnly={readOnly}
          value={search ?? chosen?.label ?? value}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onClick={() => (readOnly ? undefined : combobox.openDropdown())}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            // Escape closes the choices first, and the panel only after.
            if (event.key === "Escape" && combobox.dropdownOpened) event.stopPropagation();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={SCROLL}>
          {found.slice(0, SHOWN).map((choice) => (
            <Combobox.Option
              key={choice.value}
              value={choice.value}
              active={choice.value === value}
            >
              <span className={classes["name"]}>{choice.label}</span>
              {choice.hint ? <small className={classes["hint"]}>{choice.hint}</small> : null}
            </Combobox.Option>
          ))}
          {found.length > SHOWN ? (
            <Combobox.Empty>{t("moreFound", { count: found.length - SHOWN })}</Combobox.Empty>
          ) : null}
          {offersNew ? (
            <Combobox.Option value={NEW}>
              <span className={classes["create"]}>
                <IconPlus size={16} stroke={1.75} aria-hidden="true" />
                {createLabel?.((search ?? "").trim())}
              </span>
            </Combobox.Option>
          ) : null}
          {found.length === 0 && !offersNew ? (
            <Combobox.Empty>{t("nothingFound")}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

const NEW = "\u0000new";
const SCROLL = { overflowY: "auto" } as const;
