import { Button, Menu } from "@mantine/core";
import {
  IconDotsVertical,
  IconDownload,
  IconFileText,
  IconPlayerStop,
  IconTrash,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe, usePermission } from "@/api/me";
import type { Version } from "@/api/types";
import { isBusy } from "@/api/versions";
import { IconButton } from "@/components/icon-button";
import { ButtonLink } from "@/components/links";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import { DataTable } from "@/components/table/data-table";
import { LogDialog } from "./log-dialog";
import { useVersionCommands } from "./use-version-commands";
import { VersionName } from "./version-name";
import { VersionState } from "./version-state";
import classes from "./versions.module.css";

interface VersionTableProps {
  assistantId: string;
  versions: readonly Version[];
  /** Id of the version whose log is open. */
  openLog: string | undefined;
}

export function VersionTable({ assistantId, versions, openLog }: VersionTableProps) {
  const { t } = useTranslation("versions");
  const navigate = useNavigate({ from: "/assistants/$assistantId/versions" });
  const showLog = (log: string | undefined) =>
    void navigate({ search: (previous) => ({ ...previous, log }) });
  const logged = versions.find((version) => version.id === openLog);
  return (
    <>
      <DataTable
        label={t("title")}
        rows={versions}
        rowId={(version) => version.id}
        rowLabel={(version) => t("version", { number: version.number })}
        columns={[
          {
            id: "number",
            title: t("columns.number"),
            width: "52px",
            align: "right",
            cell: (version) => <b>{version.number}</b>,
          },
          {
            id: "name",
            title: t("columns.name"),
            width: "minmax(0, 1fr)",
            cell: (version) => <VersionName assistantId={assistantId} version={version} />,
          },
          {
            id: "state",
            title: t("columns.state"),
            width: "160px",
            narrow: "130px",
            cell: (version) => <VersionState version={version} />,
          },
          {
            id: "trained",
            title: t("columns.trained"),
            width: "180px",
            narrow: "162px",
            cell: (version) => (
              <span className={classes["trained"]}>
                {version.created_by ? <PersonAvatar person={version.created_by} size={22} /> : null}
                <Moment at={version.created_at} />
              </span>
            ),
          },
          {
            id: "actions",
            title: <span className="visually-hidden">{t("columns.actions")}</span>,
            width: "132px",
            narrow: "120px",
            align: "right",
            cell: (version) => (
              <VersionActions assistantId={assistantId} version={version} onLog={showLog} />
            ),
          },
        ]}
      />
      <p className={classes["note"]}>{t("asleepNote")}</p>
      {logged ? (
        <LogDialog assistantId={assistantId} version={logged} onClose={() => showLog(undefined)} />
      ) : null}
    </>
  );
}

interface VersionActionsProps {
  assistantId: string;
  version: Version;
  onLog: (id: string) => void;
}

function VersionActions({ assistantId, version, onLog }: VersionActionsProps) {
  const { t } = useTranslation(["versions", "common"]);
  const commands = useVersionCommands(assistantId, version);
  const mayTrain = usePermission("training.run");
  return (
    <span className={classes["actions"]}>
      <MainAction assistantId={assistantId} version={version} onLog={onLog} />
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label={t("common:more")} size={28}>
            <IconDotsVertical size={18} stroke={1.75} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileText size={18} stroke={1.75} />}
            onClick={() => onLog(version.id)}
          >
            {t("log")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={18} stroke={1.75} />}
            disabled={!["ready", "inactive"].includes(version.status)}
            onClick={commands.downloadModel}
          >
            {t("downloadModel")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={18} stroke={1.75} />}
            onClick={commands.downloadInput}
          >
            {t("downloadInput")}
          </Menu.Item>
          <Menu.Divider />
          {version.status === "ready" && (
            <Menu.Item
              leftSection={<IconPlayerStop size={18} stroke={1.75} />}
              disabled={!mayTrain}
              onClick={commands.stop}
            >
              {t("stop")}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.75} />}
            disabled={!mayTrain || isBusy(version)}
            onClick={commands.remove}
          >
            {t("common:delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

function MainAction({ assistantId, version, onLog }: VersionActionsProps) {
  const { t } = useTranslation("versions");
  const me = useMe();
  const commands = useVersionCommands(assistantId, version);
  const mayTry = usePermission("assistant.try");
  const mayTrain = usePermission("training.run");
  if (isBusy(version)) {
    const mayStop = version.created_by?.id === me.id || me.roles.includes("SuperUser");
    return (
      <Button size="xs" variant="default" disabled={!mayStop} onClick={commands.stop}>
        {t("stop")}
      </Button>
    );
  }
  if (version.status === "ready") {
    return (
      <ButtonLink
        size="xs"
        variant="default"
        disabled={!mayTry}
        to="/assistants/$assistantId/try"
        params={{ assistantId }}
        search={{ version: version.id }}
      >
        {t("chat")}
      </ButtonLink>
    );
  }
  if (version.status === "inactive" && version.train_again) {
    return (
      <Button size="xs" variant="subtle" disabled={!mayTrain} onClick={commands.trainAgain}>
        {t("trainAgain")}
      </Button>
    );
  }
  if (version.status === "inactive") {
    return (
      <Button size="xs" variant="subtle" disabled={!mayTry} onClick={commands.wake}>
        {t(version.error ? "startAgain" : "wake")}
      </Button>
    );
  }
  return (
    <Button size="xs" variant="subtle" onClick={() => onLog(version.id)}>
      {t("seeLog")}
    </Button>
  );
}
