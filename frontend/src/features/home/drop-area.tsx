import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./drop-area.module.css";

interface DropAreaProps {
  enabled: boolean;
  onFile: (file: File) => void;
  children: ReactNode;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/** A zip dropped anywhere on the page starts the import. */
export function DropArea({ enabled, onFile, children }: DropAreaProps) {
  const { t } = useTranslation("home");
  const [over, setOver] = useState(false);
  return (
    <div
      role="group"
      className={classes["area"]}
      onDragOver={(event) => {
        if (!enabled || !carriesFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!enabled || !carriesFiles(event)) return;
        event.preventDefault();
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      {children}
      {over ? (
        <div className={classes["veil"]}>
          <IconUpload size={28} stroke={1.75} aria-hidden="true" />
          <b>{t("drop")}</b>
        </div>
      ) : null}
    </div>
  );
}
