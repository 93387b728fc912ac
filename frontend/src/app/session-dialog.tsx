import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signInAgain, useSession } from "@/api/session";
import classes from "./session-dialog.module.css";

/** Over the page when the session ends while someone works: nothing is lost, and one click goes on. */
export function SessionDialog() {
  const { t } = useTranslation("shell");
  const ended = useSession((state) => state.status === "ended");
  const [failed, setFailed] = useState(false);
  const onSignIn = async () => {
    setFailed(false);
    try {
      await signInAgain();
    } catch {
      setFailed(true);
    }
  };
  return (
    <Modal
      opened={ended}
      onClose={() => undefined}
      withCloseButton={false}
      title={t("ended.title")}
      closeOnEscape={false}
    >
      <p>{t("ended.sentence")}</p>
      {failed ? (
        <p role="alert" className={classes["failed"]}>
          {t("ended.failed")}
        </p>
      ) : null}
      <div className={classes["foot"]}>
        <Button onClick={() => void onSignIn()} data-autofocus>
          {t("ended.button")}
        </Button>
      </div>
    </Modal>
  );
}
