import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProblemItem } from "@/api/errors";
import { PlaceList, placedProblem } from "@/components/place-list";
import classes from "./import.module.css";

interface BrokenProps {
  message: string;
  problems: readonly ProblemItem[];
  onPartly: () => void;
}

/** Why nothing can be shown: the first reason, all of them with their places, and what can be done. */
export function Broken({ message, problems, onPartly }: BrokenProps) {
  const { t } = useTranslation("import");
  return (
    <section className={classes["broken"]}>
      <p role="alert" className={classes["bad"]}>
        <IconAlertTriangle size={18} stroke={1.75} aria-hidden="true" />
        <span>
          {message} {t("nothingChanged")}
        </span>
      </p>
      <PlaceList
        title={t("problems", { count: problems.length })}
        places={problems.map(placedProblem)}
      />
      {problems.some(({ file }) => file) ? (
        <div>
          <Button variant="default" onClick={onPartly}>
            {t("partly")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
