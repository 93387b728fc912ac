import { Button, Group, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { saveFile } from "@/lib/save-file";
import classes from "./log-modal.module.css";

interface LogModalProps {
  title: string;
  /** What the scrolling area is called for those who do not see it. */
  label: string;
  /** What stands above the lines. */
  above?: ReactNode;
  /** The lines as they are shown. */
  children: ReactNode;
  /** The whole log, to keep as a file of this name. */
  text: string | undefined;
  fileName: string;
  /** Buttons before "Download". */
  actions?: ReactNode;
  onClose: () => void;
}

/** The lines of a log in a dialog, and all of it as a file. */
export function LogModal(props: LogModalProps) {
  const { t } = useTranslation("common");
  const { text, fileName } = props;
  return (
    <Modal
      opened
      onClose={props.onClose}
      size={860}
      title={props.title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {props.above}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className={classes["lines"]} aria-label={props.label} tabIndex={0}>
        <code>{props.children}</code>
      </section>
      <Group justify="flex-end" gap={8} mt={16}>
        {props.actions}
        <Button
          variant="default"
          disabled={!text}
          onClick={() =>
            saveFile({ blob: new Blob([text ?? ""], { type: "text/plain" }), name: fileName })
          }
        >
          {t("download")}
        </Button>
      </Group>
    </Modal>
  );
}
