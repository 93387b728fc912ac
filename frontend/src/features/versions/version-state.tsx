import {
  IconAlertCircle,
  IconCircleCheck,
  IconHourglass,
  IconMoon,
  IconPlayerStop,
  IconPlugConnectedX,
  IconRefreshAlert,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Version } from "@/api/types";
import { isBusy } from "@/api/versions";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge, StateDot } from "@/components/state-badge";
import classes from "./versions.module.css";

const LOOKS = {
  ready: { tone: "ok", icon: <IconCircleCheck size={14} /> },
  failed: { tone: "err", icon: <IconAlertCircle size={14} /> },
  stopped: { tone: "neutral", icon: <IconPlayerStop size={14} /> },
  inactive: { tone: "neutral", icon: <IconMoon size={14} /> },
} as const;

export function VersionState({ version }: { version: Version }) {
  const { t } = useTranslation(["common", "versions"]);
  const { status, queue_position: place } = version;
  if (isBusy(version) && place !== null) {
    return (
      <StateBadge tone="neutral" icon={<IconHourglass size={14} />}>
        {t("versions:waiting", { place })}
      </StateBadge>
    );
  }
  if (status === "inactive" && version.train_again) {
    return (
      <StateBadge tone="warn" icon={<IconRefreshAlert size={14} />}>
        {t("versions:older")}
      </StateBadge>
    );
  }
  if (status === "inactive" && version.error) {
    return (
      <StateBadge tone="warn" icon={<IconPlugConnectedX size={14} />}>
        {t("versions:ended")}
      </StateBadge>
    );
  }
  if (status === "queued" || status === "training" || status === "deploying") {
    return (
      <div className={classes["busy"]}>
        <span>
          <StateDot tone="warn" />
          <b>{`${t(`status.${status}`)}, ${version.progress} %`}</b>
        </span>
        <ProgressBar tone="warn" value={version.progress} label={t(`status.${status}`)} />
      </div>
    );
  }
  const { tone, icon } = LOOKS[status];
  return (
    <StateBadge tone={tone} icon={icon}>
      {t(`status.${status}`)}
    </StateBadge>
  );
}
