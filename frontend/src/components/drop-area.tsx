import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useState } from "react";
import classes from "./drop-area.module.css";

interface DropAreaProps {
  enabled: boolean;
  /** Said while a file is over it. */
  label: string;
  onFile: (file: File) => void;
  children: ReactNode;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/** A file dropped anywhere in it is taken. */
export function DropArea({ enabled, label, onFile, children }: DropAreaProps) {
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
          <b>{label}</b>
        </div>
      ) : null}
    </div>
  );
}
