import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { IconPlus, IconSelector } from "@tabler/icons-react";
import { type ReactNode, type Ref, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./choice-field.module.css";
import { useContent } from "./content-context";

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
  /** First in a dialog: the focus begins here. */
  first?: boolean;
  ref?: Ref<HTMLInputElement>;
}

const SHOWN = 100;

/** A field to choose from many by typing, which can also make the thing that is missing. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { label, value, choices, onChange, onCreate, createLabel, icon, badge, labelHidden } =
    props;
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const [search, setSearch] = useState<string | null>(null);
  const chosen = choices.find((choice) => choice.value === value);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch(null);
    },
  });
  // Enter takes what stands first, or what is chosen already while nothing was typed.
  const preselect = () =>
    search === null ? combobox.selectActiveOption() : combobox.selectFirstOption();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the options change with what is typed
  useEffect(() => {
    if (combobox.dropdownOpened) preselect();
  }, [combobox.dropdownOpened, search]);
  const wanted = (search ?? "").trim().toLowerCase();
  const found = search === null ? choices : nearestFirst(choices, wanted);
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
          ref={props.ref}
          {...(props.first ? { "data-autofocus": true } : {})}
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
            combobox.resetSelectedOption();
          }}
          onClick={() => (readOnly ? undefined : combobox.openDropdown())}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            // Escape closes the choices first, and the panel only after.
            if (event.key === "Escape" && combobox.dropdownOpened) event.stopPropagation();
            // Just opened, the choices were not drawn yet when the first of them was looked for.
            if (event.key === "Enter" && combobox.getSelectedOptionIndex() === -1) preselect();
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

/** Those that hold what was typed: first the one called exactly so, then those that begin so. */
function nearestFirst(choices: readonly Choice[], wanted: string): Choice[] {
  const far = ({ label, value }: Choice) => {
    const names = [label.toLowerCase(), value.toLowerCase()];
    if (names.includes(wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    return names.some((name) => name.includes(wanted)) ? 2 : 3;
  };
  return choices.filter((choice) => far(choice) < 3).sort((one, other) => far(one) - far(other));
}

const NEW = "\u0000new";
const SCROLL = { overflowY: "auto" } as const;
