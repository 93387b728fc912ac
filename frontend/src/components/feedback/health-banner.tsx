import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "@/api/health";
import classes from "./state-views.module.css";

/** Says which part of Studio does not work, or was started again just now. */
export function HealthBanner() {
  const { data: problems = [] } = useQuery(healthQuery);
  return problems.map(({ part, detail }) => (
    <div key={part} className={classes["banner"]} data-tone="warn" role="status">
      <IconAlertTriangle size={18} stroke={1.75} aria-hidden="true" />
      <span>{detail}</span>
    </div>
  ));
}
