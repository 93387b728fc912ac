import { TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import type { Version } from "@/api/types";
import { useVersionCommands } from "./use-version-commands";
import classes from "./versions.module.css";

/** Name and note of a version; the name is edited in place by a click or F2. */
export function VersionName({ assistantId, version }: { assistantId: string; version: Version }) {
  const { t } = useTranslation("versions");
  const commands = useVersionCommands(assistantId, version);
  const mayEdit = usePermission("training.run");
  const [editing, setEditing] = useState(false);
  const second = version.error?.message || version.note;
  const finish = (name: string) => {
    setEditing(false);
    if (name !== version.name) commands.rename(name);
  };
  if (editing) {
    return (
      <TextInput
        aria-label={t("nameOf", { number: version.number })}
        defaultValue={version.name}
        autoFocus
        maxLength={128}
        onBlur={(event) => finish(event.currentTarget.value.trim())}
        onKeyDown={(event) => {
          if (event.key === "Enter") finish(event.currentTarget.value.trim());
          if (event.key === "Escape") setEditing(false);
        }}
      />
    );
  }
  return (
    <div className={classes["name"]}>
      <UnstyledButton
        disabled={!mayEdit}
        data-unnamed={version.name === ""}
        onClick={() => setEditing(true)}
        onKeyDown={(event) => {
          if (event.key === "F2") setEditing(true);
        }}
      >
        {version.name || t("addName")}
      </UnstyledButton>
      {second ? <small title={second}>{second}</small> : null}
    </div>
  );
}
