import { Select } from "@mantine/core";
import {
  IconArrowsSplit2,
  IconLanguage,
  IconMessage2,
  IconSquareRoundedPlus,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { askedSlot } from "@/components/content/use-response-name";
import { useDragOrder } from "@/components/drag-handle";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import type { Json, JsonObject } from "@/flow-core/json";
import {
  buttonsOf,
  moved,
  newVariation,
  placesOf,
  replaced,
  sharedButtons,
  translationCounts,
  variationAt,
  withButtons,
  withSharedButtons,
} from "@/flow-core/response";
import { ButtonRows } from "./button-rows";
import { focusRow } from "./focus";
import classes from "./responses.module.css";
import { AddButton, Section } from "./section";
import { type Language, useLanguages } from "./use-responses";
import { VariationRow } from "./variation-row";

interface ContentTabProps {
  id: string;
  body: Json[];
  problems: readonly Problem[];
  /** The language beside the assistant's own; none: it speaks one only. */
  second: Language | undefined;
  /** The number of the edit in the page's history. */
  onChange: (body: Json[]) => number;
}

/** Variations, conditional variations and buttons, each with its translation beside it. */
export function ContentTab({ id, body, problems, second, onChange }: ContentTabProps) {
  const { t } = useTranslation("responses");
  const { plain, conditional } = placesOf(body);
  const add = (more: JsonObject = {}) => {
    onChange([...body, newVariation(body, more)]);
    focusRow(`variation-${body.length}`);
  };
  const remove = (index: number) => {
    toast.done(t("variationDeleted"), { undo: onChange(body.toSpliced(index, 1)) });
  };
  const group = (places: number[]) => (
    <VariationGroup
      places={places}
      {...{ body, problems, second, onChange }}
      onAdd={() => add()}
      onRemove={remove}
    />
  );
  return (
    <div className={classes["sheet"]} data-two={second !== undefined}>
      <LanguageHead body={body} second={second} />
      <Section
        icon={<IconMessage2 size={16} stroke={1.75} />}
        title={t("saysOneOf")}
        action={<AddButton label={t("addVariation")} onClick={() => add()} />}
      />
      <FieldProblems problems={problems.filter(({ pointer }) => !pointer)} />
      {group(plain)}
      <Section
        icon={<IconArrowsSplit2 size={16} stroke={1.75} />}
        title={t("whenTrue")}
        action={<AddButton label={t("addCondition")} onClick={() => add({ condition: "" })} />}
      />
      {group(conditional)}
      <Buttons
        slot={askedSlot(id)}
        body={body}
        problems={problems}
        second={second}
        onChange={onChange}
      />
    </div>
  );
}

function LanguageHead({ body, second }: { body: Json[]; second: Language | undefined }) {
  const { t } = useTranslation("responses");
  const { assistantId } = useContent();
  const { own, others } = useLanguages(assistantId);
  const set = useSearchChange<{ language?: string | undefined }>();
  const { texts, missing } = translationCounts(body, second?.code ?? "");
  return (
    <div className={classes["languages"]}>
      <div className={classes["language"]}>
        <b>{own.name}</b>
        <StateBadge tone="neutral">{t("defaultLanguage")}</StateBadge>
      </div>
      {second ? (
        <div className={classes["language"]}>
          <Select
            aria-label={t("translateInto")}
            variant="unstyled"
            className={classes["choose"] ?? ""}
            allowDeselect={false}
            data={others.map(({ code, name }) => ({ value: code, label: name }))}
            value={second.code}
            onChange={(code) => set({ language: code ?? undefined })}
          />
          {missing > 0 ? (
            <StateBadge
              tone="warn"
              icon={<IconLanguage size={14} stroke={1.75} aria-hidden="true" />}
            >
              {t("missingOf", { missing, count: texts })}
            </StateBadge>
          ) : texts > 0 ? (
            <StateBadge tone="ok">{t("allTranslated")}</StateBadge>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

interface VariationGroupProps {
  places: number[];
  body: Json[];
  problems: readonly Problem[];
  second: Language | undefined;
  onChange: (body: Json[]) => void;
  onAdd: () => void;
  onRemove: (index: number) => void;
}

/** Variations of one section, in an order that a person chooses. */
function VariationGroup(props: VariationGroupProps) {
  const { places, body, problems, second, onChange, onAdd, onRemove } = props;
  const move = (at: number, to: number) => {
    if (to < 0 || to >= places.length) return;
    onChange(moved(body, places, at, to));
    focusRow(`variation-${places[to]}`);
  };
  const drag = useDragOrder(move);
  return places.map((index, at) => (
    <VariationRow
      key={index}
      index={index}
      number={at + 1}
      variation={variationAt(body, index)}
      problems={problems.filter(({ pointer }) => isBelow(pointer, `/${index}`))}
      second={second}
      drag={{ row: drag.row(at), handle: places.length > 1 ? drag.handle(at) : null }}
      onChange={(next) => onChange(replaced(body, index, next))}
      onMove={(by) => move(at, at + by)}
      onAdd={onAdd}
      onRemove={body.length > 1 ? () => onRemove(index) : null}
    />
  ));
}

function isBelow(pointer: string | null, place: string): boolean {
  if (pointer?.startsWith(`${place}/buttons`)) return false;
  return pointer === place || (pointer?.startsWith(`${place}/`) ?? false);
}

interface ButtonsProps {
  slot: string | undefined;
  body: Json[];
  problems: readonly Problem[];
  second: Language | undefined;
  onChange: (body: Json[]) => number;
}

/** The buttons of all variations at once, or, where they differ, of each. */
function Buttons({ slot, body, problems, second, onChange }: ButtonsProps) {
  const { t } = useTranslation("responses");
  const [apart, setApart] = useState(false);
  const shared = sharedButtons(body);
  const at = (index: number) =>
    problems.filter(({ pointer }) => pointer?.startsWith(`/${index}/buttons`));
  if (shared && !apart)
    return (
      <ButtonRows
        title={t("buttons")}
        icon={<IconSquareRoundedPlus size={16} stroke={1.75} />}
        row="buttons"
        {...{ slot, second }}
        buttons={shared}
        problems={at(0)}
        onChange={(next) => onChange(withSharedButtons(body, next))}
        {...(body.length > 1 && shared.length > 0
          ? { extra: { label: t("buttonsApart"), run: () => setApart(true) } }
          : {})}
      />
    );
  return body.map((_, index) => {
    const buttons = buttonsOf(variationAt(body, index));
    return (
      <ButtonRows
        // biome-ignore lint/suspicious/noArrayIndexKey: variations have no identity but their place
        key={index}
        title={t("buttonsOf", { number: index + 1 })}
        icon={<IconSquareRoundedPlus size={16} stroke={1.75} />}
        row={`buttons-${index}`}
        {...{ slot, second, buttons }}
        problems={at(index)}
        onChange={(next) =>
          onChange(replaced(body, index, withButtons(variationAt(body, index), next)))
        }
        extra={{
          label: t("buttonsEverywhere"),
          run: () => {
            setApart(false);
            onChange(withSharedButtons(body, buttons));
          },
        }}
      />
    );
  });
}
