import { Button, UnstyledButton } from "@mantine/core";
import { IconArrowsSplit2, IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClosePair, closePairsQuery } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { toast } from "@/components/feedback/toast";
import { readExample } from "@/flow-core/nlu";
import grid from "./examples.module.css";
import classes from "./understanding.module.css";
import { useChangeExamples } from "./use-examples";
import { useKeptPairs } from "./use-kept-pairs";

/** Examples of the intent that are nearly those of another one: hints, the nearest first. */
export function ClosePairs({ intent }: { intent: string }) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { change } = useChangeExamples(assistantId);
  const { isKept, keep, showAgain } = useKeptPairs(assistantId);
  const [at, setAt] = useState(0);
  const all = (useQuery(closePairsQuery(assistantId)).data ?? [])
    .filter(({ here, there }) => here.intent === intent || there.intent === intent)
    .map((pair) => (pair.here.intent === intent ? pair : turned(pair)));
  const pairs = all.filter((pair) => !isKept(pair));
  const number = Math.min(at, pairs.length - 1);
  const pair = pairs[number];
  if (!pair)
    return all.length > 0 ? (
      <UnstyledButton className={grid["keptPairs"]} onClick={() => showAgain(all)}>
        {t("showKept", { count: all.length })}
      </UnstyledButton>
    ) : null;
  const { here, there } = pair;
  const move = () =>
    change(
      [{ was: here, becomes: { intent: there.intent, text: here.text } }],
      t("moved", { count: 1, intent: there.intent }),
    );
  const keepBoth = () => {
    keep(pair);
    toast.done(t("keptBoth"), { undo: () => showAgain([pair]) });
  };
  return (
    <section className={grid["pair"]} aria-label={t("pullsTwoWays")}>
      <header>
        <IconArrowsSplit2 size={16} stroke={1.75} aria-hidden="true" />
        <h3>{t("pullsTwoWays")}</h3>
        <span className={classes["grow"]} />
        <small>{t("alike", { alike: pair.alike.toFixed(2) })}</small>
      </header>
      <div className={grid["sides"]}>
        <Side name={t("here")} text={here.text} other={there.text} />
        <Side name={there.intent} text={there.text} other={here.text} />
      </div>
      <footer>
        {readOnly ? null : (
          <>
            <Button size="xs" variant="default" onClick={move}>
              {t("moveTo", { intent: there.intent })}
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={keepBoth}>
              {t("keepBoth")}
            </Button>
          </>
        )}
        <span className={classes["grow"]} />
        {pairs.length > 1 ? (
          <UnstyledButton
            className={grid["nextPair"]}
            aria-label={t("nextPair")}
            onClick={() => setAt((number + 1) % pairs.length)}
          >
            {t("oneOf", { number: number + 1, count: pairs.length })}
            <IconChevronDown size={16} stroke={1.75} aria-hidden="true" />
          </UnstyledButton>
        ) : null}
      </footer>
    </section>
  );
}

function turned({ here, there, alike }: ClosePair): ClosePair {
  return { here: there, there: here, alike };
}

/** The words, with those that the other side has not set off. */
function Side({ name, text, other }: { name: string; text: string; other: string }) {
  const theirs = new Set(readExample(other).text.toLowerCase().split(/\W+/u));
  const parts = readExample(text).text.split(/(\s+)/);
  return (
    <div>
      <small>{name}</small>
      <p>
        {parts.map((part, index) => {
          const word = part.toLowerCase().replaceAll(/\W+/gu, "");
          const key = `${index} ${part}`;
          return word === "" || theirs.has(word) ? (
            <span key={key}>{part}</span>
          ) : (
            <b key={key}>{part}</b>
          );
        })}
      </p>
    </div>
  );
}
