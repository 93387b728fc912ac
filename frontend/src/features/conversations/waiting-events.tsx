import { IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { waitingEventsQuery } from "@/api/conversations";
import classes from "./conversations.module.css";

/** Assistants out there that publish under a name which none has here: their conversations are not lost. */
export function WaitingEvents() {
  const { t } = useTranslation("conversations");
  const waiting = useQuery(waitingEventsQuery);
  if (!waiting.data || waiting.data.length === 0) return null;
  return (
    <ul className={classes["waiting"]} aria-label={t("waiting.label")}>
      {waiting.data.map((each) => (
        <li key={each.assistant_name}>
          <IconHourglass size={16} stroke={1.75} aria-hidden />
          <span>{t("waiting.events", { count: each.event_count, name: each.assistant_name })}</span>
          <span>{t("waiting.hint", { name: each.assistant_name })}</span>
        </li>
      ))}
    </ul>
  );
}
