import { Button, Popover, SegmentedControl, Textarea } from "@mantine/core";
import { IconChevronDown, IconWand } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ResponseContext } from "@/api/responses";
import { useContent } from "@/components/content/content-context";
import type { Json } from "@/flow-core/json";
import { promptOf, rephraseOf, withMetadata } from "@/flow-core/response";
import classes from "./responses.module.css";

interface RephraseProps {
  body: Json[];
  context: ResponseContext | undefined;
  onChange: (body: Json[]) => void;
}

const CHOICES = ["assistant", "on", "off"] as const;

/** Whether a language model says it in other words: what is in force, why, and only a change is stored. */
export function Rephrase({ body, context, onChange }: RephraseProps) {
  const { t } = useTranslation("responses");
  const { readOnly } = useContent();
  const own = rephraseOf(body);
  const rephrasing = context?.rephrasing ?? "none";
  const inForce = rephrasing !== "none" && (own ?? rephrasing === "all");
  const choice = own === null ? "assistant" : own ? "on" : "off";
  return (
    <Popover position="bottom-end" width={360} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconWand size={16} stroke={1.75} />}
          rightSection={<IconChevronDown size={14} stroke={1.75} />}
        >
          {t(inForce ? "rephrase.on" : "rephrase.off")}
          {own === null ? (
            <span className={classes["why"]}>{t("rephrase.asAssistant")}</span>
          ) : null}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes["rephrase"]}>
        <SegmentedControl
          fullWidth
          disabled={readOnly}
          aria-label={t("rephrase.label")}
          value={choice}
          data={CHOICES.map((value) => ({ value, label: t(`rephrase.choice.${value}`) }))}
          onChange={(value) =>
            onChange(
              withMetadata(body, "rephrase", value === "assistant" ? undefined : value === "on"),
            )
          }
        />
        <p>{t(`rephrase.why.${rephrasing}`)}</p>
        <Textarea
          label={t("rephrase.prompt")}
          description={t("rephrase.promptHint")}
          autosize
          minRows={2}
          maxRows={10}
          readOnly={readOnly}
          value={promptOf(body)}
          onChange={(event) =>
            onChange(withMetadata(body, "rephrase_prompt", event.currentTarget.value || undefined))
          }
        />
      </Popover.Dropdown>
    </Popover>
  );
}
