import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { type Command, useCommandRegistry } from "@/lib/commands/registry";
import classes from "./keys-dialog.module.css";

const useKeysDialog = create(() => ({ open: false }));

export const openKeysDialog = () => useKeysDialog.setState({ open: true });

/** All keys that work on the page one is on, by group. */
export function KeysDialog() {
  const { t } = useTranslation("shell");
  const { open } = useKeysDialog();
  const scopes = useCommandRegistry((state) => state.scopes);
  const commands = scopes
    .flatMap((scope) => scope.commands)
    .filter((command) => command.keys?.length);
  return (
    <Modal
      opened={open}
      onClose={() => useKeysDialog.setState({ open: false })}
      title={t("keys.title")}
      size="lg"
    >
      <div className={classes["groups"]}>
        {[...Map.groupBy(commands, (command) => command.group)].map(([group, members]) => (
          <KeyGroup key={group} title={group} commands={members} />
        ))}
      </div>
    </Modal>
  );
}

function KeyGroup({ title, commands }: { title: string; commands: readonly Command[] }) {
  return (
    <section>
      <h3 className={classes["title"]}>{title}</h3>
      <dl className={classes["list"]}>
        {commands.map((command) => (
          <div key={command.id} className={classes["line"]}>
            <dt>{command.label}</dt>
            <dd>
              {command.keys?.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
