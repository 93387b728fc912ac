import { TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ClipboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import grid from "./examples.module.css";
import { NEW_EXAMPLE } from "./focus";
import classes from "./understanding.module.css";
import { useChangeExamples } from "./use-examples";

/** Lines of what was pasted, where there are several. */
function linesOf(event: ClipboardEvent): string[] {
  const lines = event.clipboardData.getData("text").split(/\r?\n/);
  return lines.filter((line) => line.trim() !== "").length > 1 ? lines : [];
}

interface AddExamplesProps {
  intent: string;
  examples: readonly string[];
}

/** The field at the foot: Enter adds an example, pasted lines become one each. */
export function AddExamples({ intent, examples }: AddExamplesProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const { add } = useChangeExamples(assistantId);
  const [text, setText] = useState("");
  return (
    <div className={grid["foot"]}>
      <TextInput
        id={NEW_EXAMPLE}
        aria-label={t("another")}
        placeholder={t("anotherOrMany")}
        leftSection={<IconPlus size={16} stroke={1.75} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const lines = linesOf(event);
          if (lines.length === 0) return;
          event.preventDefault();
          add(intent, examples, lines);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || text.trim() === "") return;
          event.preventDefault();
          add(intent, examples, [text]);
          setText("");
        }}
      />
    </div>
  );
}

/** Three empty rows of an intent without examples. */
export function ThreeWays({ intent }: { intent: string }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const { add } = useChangeExamples(assistantId);
  const [ways, setWays] = useState(["", "", ""]);
  const save = (lines: readonly string[]) => {
    if (lines.some((line) => line.trim() !== "")) add(intent, [], lines);
  };
  return (
    <div className={grid["ways"]}>
      <h3>{t("threeWays")}</h3>
      <p className={classes["quiet"]}>{t("threeWaysHint")}</p>
      {ways.map((way, index) => (
        <TextInput
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          key={index}
          aria-label={t("way", { number: index + 1 })}
          value={way}
          autoFocus={index === 0}
          onChange={(event) => setWays(ways.with(index, event.currentTarget.value))}
          onPaste={(event) => {
            const lines = linesOf(event);
            if (lines.length === 0) return;
            event.preventDefault();
            save([...ways, ...lines]);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            const next = event.currentTarget
              .closest("div[class]")
              ?.parentElement?.parentElement?.querySelectorAll("input")[index + 1];
            if (next && way.trim() !== "") next.focus();
            else save(ways);
          }}
          onBlur={(event) => {
            const leaves = !event.currentTarget
              .closest(`.${grid["ways"]}`)
              ?.contains(event.relatedTarget);
            if (leaves) save(ways);
          }}
        />
      ))}
    </div>
  );
}
