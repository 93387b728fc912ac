import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./form-dialog.module.css";

interface FormDialogProps {
  title: string;
  /** Words of the button that sends the form; Enter in a field does the same. */
  submit: string;
  onSubmit: () => void;
  onClose: () => void;
  /** It is being sent. */
  busy?: boolean;
  /** What is sent deletes something. */
  dangerous?: boolean;
  /** Something is missing yet. */
  disabled?: boolean;
  /** What went wrong with the form as a whole; what belongs to a field stands at the field. */
  error?: string | undefined;
  children: ReactNode;
}

/** A few fields over the page, sent or left as a whole. */
export function FormDialog(props: FormDialogProps) {
  const { title, submit, onSubmit, onClose, busy, disabled, error, children, dangerous } = props;
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled) onSubmit();
        }}
      >
        {children}
        {error ? (
          <p role="alert" className={classes["error"]}>
            {error}
          </p>
        ) : null}
        <div className={classes["foot"]}>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            {...(dangerous ? { color: "red" } : {})}
            loading={busy ?? false}
            disabled={disabled ?? false}
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
