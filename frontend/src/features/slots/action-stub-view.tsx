import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { actionStub } from "./action-stub";
import classes from "./slots.module.css";

/** The code that an action without any begins with. */
export function ActionStub({ action }: { action: string }) {
  const { t } = useTranslation("slots");
  const stub = actionStub(action);
  return (
    <section className={classes["section"]}>
      <div className={classes["sectionHead"]}>
        <h3>{t("stub")}</h3>
        <small>{t("stubHint")}</small>
        <CopyButton value={stub}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
            >
              {copied ? t("copied") : t("copy")}
            </Button>
          )}
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className={classes["stub"]} tabIndex={0} aria-label={t("stub")}>
        <pre>{stub}</pre>
      </section>
    </section>
  );
}
