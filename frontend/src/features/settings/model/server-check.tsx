import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { actionServerCheckQuery } from "@/api/action-server";
import classes from "./action-server.module.css";

/** Whether a server answers at the stored address: asked when it is shown, and by the button. */
export function ServerCheck({ assistantId, url }: { assistantId: string; url: string }) {
  const { t, i18n } = useTranslation("model");
  const { data, error, isFetching, refetch } = useQuery(actionServerCheckQuery(assistantId, url));
  const { state = "refused", status, milliseconds = 0 } = data ?? {};
  const ms = Math.max(1, Math.round(milliseconds)).toLocaleString(i18n.language);
  const fine = !error && state === "reachable";
  const Icon = fine ? IconCircleCheck : IconCircleX;
  return (
    <div className={classes["check"]}>
      <Button
        variant="default"
        size="xs"
        loading={isFetching}
        leftSection={<IconPlugConnected size={16} stroke={1.75} />}
        onClick={() => void refetch()}
      >
        {t("actions.check")}
      </Button>
      <p aria-live="polite" aria-busy={isFetching} data-tone={fine ? "ok" : "err"}>
        {isFetching || !(data || error) ? null : (
          <>
            <Icon size={16} stroke={1.75} aria-hidden="true" />
            {error ? error.message : t(`actions.checked.${state}`, { ms, status: status ?? "–" })}
          </>
        )}
      </p>
    </div>
  );
}
