import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./filter-chips.module.css";

export interface FilterDefinition {
  id: string;
  name: string;
  options: readonly { value: string; label: string }[];
  /** Always shown; these words stand for "no value". */
  anyLabel?: string;
}

interface FilterChipsProps {
  filters: readonly FilterDefinition[];
  /** The values in force, as they stand in the URL. */
  values: Readonly<Record<string, string | undefined>>;
  onChange: (id: string, value: string | undefined) => void;
  onClear: () => void;
}

/** One line of chips "Name value ×"; a dashed "+ Filter" offers the others. */
export function FilterChips({ filters, values, onChange, onClear }: FilterChipsProps) {
  const { t } = useTranslation();
  const used = filters.filter(
    (filter) => filter.anyLabel !== undefined || values[filter.id] !== undefined,
  );
  const set = filters.some((filter) => values[filter.id] !== undefined);
  const free = filters.filter((filter) => !used.includes(filter));
  return (
    <div className={classes["line"]}>
      {used.map((filter) => (
        <Chip
          key={filter.id}
          filter={filter}
          value={values[filter.id]}
          onChange={(value) => onChange(filter.id, value)}
        />
      ))}
      {free.length > 0 ? (
        <Menu position="bottom-start">
          <Menu.Target>
            <button type="button" className={`${classes["chip"]} ${classes["add"]}`}>
              <IconPlus size={16} stroke={1.75} aria-hidden="true" />
              {t("filter.add")}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.map((filter) => (
              <Menu.Sub key={filter.id}>
                <Menu.Sub.Target>
                  <Menu.Sub.Item>{filter.name}</Menu.Sub.Item>
                </Menu.Sub.Target>
                <Menu.Sub.Dropdown>
                  <Options filter={filter} onChoose={(value) => onChange(filter.id, value)} />
                </Menu.Sub.Dropdown>
              </Menu.Sub>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {set ? (
        <Button variant="transparent" size="xs" onClick={onClear}>
          {t("filter.clear")}
        </Button>
      ) : null}
    </div>
  );
}

function Options({
  filter,
  onChoose,
}: {
  filter: FilterDefinition;
  onChoose: (value: string) => void;
}) {
  return filter.options.map((option) => (
    <Menu.Item key={option.value} onClick={() => onChoose(option.value)}>
      {option.label}
    </Menu.Item>
  ));
}

interface ChipProps {
  filter: FilterDefinition;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function Chip({ filter, value, onChange }: ChipProps) {
  const { t } = useTranslation();
  const label =
    filter.options.find((option) => option.value === value)?.label ?? value ?? filter.anyLabel;
  return (
    <span className={classes["chip"]} data-any={value === undefined}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button
            type="button"
            className={classes["inner"]}
            onKeyDown={(event) => {
              if (event.key === "Backspace" || event.key === "Delete") onChange(undefined);
            }}
          >
            <span className={classes["name"]}>{filter.name}</span> {label}
            <IconChevronDown size={14} stroke={1.75} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {filter.anyLabel ? (
            <Menu.Item onClick={() => onChange(undefined)}>{filter.anyLabel}</Menu.Item>
          ) : null}
          <Options filter={filter} onChoose={onChange} />
        </Menu.Dropdown>
      </Menu>
      {value === undefined ? null : (
        <button
          type="button"
          className={classes["remove"]}
          aria-label={t("filter.remove", { name: filter.name })}
          onClick={() => onChange(undefined)}
        >
          <IconX size={14} stroke={1.75} />
        </button>
      )}
    </span>
  );
}
