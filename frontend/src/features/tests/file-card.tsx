import { UnstyledButton } from "@mantine/core";
import {
  IconChevronRight,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import { CaseDetails } from "./case-details";
import type { FileGroup, Outcome, TestCase } from "./outcomes";
import classes from "./tests.module.css";

type Run = ((path: string) => void) | null;

export function FileCard({ group: { file, cases }, run }: { group: FileGroup; run: Run }) {
  const { t } = useTranslation("tests");
  const title = useId();
  return (
    <section className={classes["card"]} aria-labelledby={title}>
      <header>
        <h2 id={title}>{file.path}</h2>
        {run && file.cases.length > 0 ? (
          <IconButton label={t("runFile", { file: file.path })} onClick={() => run(file.path)}>
            <IconPlayerPlay size={16} stroke={1.75} />
          </IconButton>
        ) : null}
      </header>
      {file.problem ? (
        <p className={classes["problem"]}>{t("unreadable", { problem: file.problem })}</p>
      ) : file.cases.length === 0 ? (
        <p className={classes["hint"]}>{t("noCases")}</p>
      ) : (
        <ul>
          {cases.map((test) => (
            <CaseRow key={test.name} test={test} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CaseRow({ test, run }: { test: TestCase; run: Run }) {
  const { t } = useTranslation("tests");
  const [chosen, setChosen] = useState<boolean | null>(null);
  const details = useId();
  const isOpen = chosen ?? test.outcome === "failed";
  return (
    <li>
      <div className={classes["row"]}>
        <UnstyledButton
          className={classes["name"]}
          aria-expanded={test.result ? isOpen : undefined}
          aria-controls={test.result ? details : undefined}
          disabled={!test.result}
          onClick={() => setChosen(!isOpen)}
        >
          <IconChevronRight
            size={16}
            stroke={1.75}
            aria-hidden="true"
            data-open={isOpen && test.result !== undefined}
            data-idle={!test.result}
          />
          <OutcomeIcon outcome={test.outcome} />
          <span>{test.name}</span>
          <span className={classes["outcome"]} data-outcome={test.outcome}>
            {t(`state.${test.outcome}`)}
          </span>
        </UnstyledButton>
        {run ? (
          <IconButton
            label={t("runCase", { name: test.name })}
            onClick={() => run(`${test.file}::${test.name}`)}
          >
            <IconPlayerPlay size={16} stroke={1.75} />
          </IconButton>
        ) : null}
      </div>
      {test.result && isOpen ? (
        <div id={details}>
          <CaseDetails file={test.file} result={test.result} />
        </div>
      ) : null}
    </li>
  );
}

const ICONS = {
  none: IconCircleDashed,
  running: IconLoader2,
  passed: IconCircleCheck,
  failed: IconCircleX,
};

function OutcomeIcon({ outcome }: { outcome: Outcome }) {
  const Icon = ICONS[outcome];
  return (
    <Icon
      className={classes["icon"]}
      data-outcome={outcome}
      size={18}
      stroke={1.75}
      aria-hidden="true"
    />
  );
}
