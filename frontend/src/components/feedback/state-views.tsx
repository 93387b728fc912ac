import { Button } from "@mantine/core";
import {
  IconEye,
  IconFilterOff,
  IconLock,
  IconMapSearch,
  IconPlugConnectedX,
  IconRefresh,
} from "@tabler/icons-react";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import classes from "./state-views.module.css";

interface StateViewProps {
  drawing: ReactNode;
  title: string;
  sentence?: ReactNode;
  /** One primary button, and at most one link. */
  actions?: ReactNode;
  detail?: string;
  alert?: boolean;
}

/** The state is all there is on the page, so its title is the page's. */
const WholePage = createContext(false);

/** The one shape of "nothing here", "not allowed" and "did not work": what is true, and one next step. */
export function StateView({ drawing, title, sentence, actions, detail, alert }: StateViewProps) {
  const Title = use(WholePage) ? "h1" : "h2";
  return (
    <div className={classes["state"]} role={alert ? "alert" : undefined}>
      <div className={classes["drawing"]}>{drawing}</div>
      <Title>{title}</Title>
      {sentence ? <p className={classes["sentence"]}>{sentence}</p> : null}
      {actions ? <div className={classes["actions"]}>{actions}</div> : null}
      {detail ? <code className={classes["detail"]}>{detail}</code> : null}
    </div>
  );
}

/** A state that takes the place of a whole page. */
export function StatePage({ children }: { children: ReactNode }) {
  return (
    <main className={classes["page"]} id="main" tabIndex={-1}>
      <WholePage value={true}>{children}</WholePage>
    </main>
  );
}

/** The line drawing of an empty flow canvas. */
export function FlowDrawing() {
  return (
    <svg
      width="160"
      height="96"
      viewBox="0 0 160 96"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      <g stroke="var(--edge)" strokeWidth="1.5">
        <rect x="51" y="1" width="58" height="20" rx="10" fill="var(--surface)" />
        <path d="M80 21v13M80 60v6M80 66q0 6-6 6H46q-8 0-8 6v2M80 66q0 6 6 6h30q8 0 8 6v2" />
        <rect x="1" y="75" width="74" height="20" rx="5" fill="var(--surface)" />
        <rect
          x="86"
          y="75"
          width="73"
          height="20"
          rx="5"
          fill="var(--surface)"
          strokeDasharray="4 3"
        />
      </g>
      <rect
        x="40"
        y="34"
        width="80"
        height="26"
        rx="6"
        fill="var(--accent-soft)"
        stroke="var(--accent)"
        strokeWidth="1.5"
      />
    </svg>
  );
}

export function NothingMatches({
  title,
  sentence,
  actions,
}: {
  title: string;
  sentence?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <StateView
      drawing={<IconFilterOff size={28} stroke={1.75} />}
      title={title}
      sentence={sentence}
      actions={actions}
    />
  );
}

export function NotFound({ actions }: { actions?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <StateView
      drawing={<IconMapSearch size={28} stroke={1.75} />}
      title={t("notFound.title")}
      sentence={t("notFound.sentence")}
      actions={actions}
    />
  );
}

/** A page the person has no right to; says who can give it. */
export function Forbidden({ roles }: { roles: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <StateView
      drawing={<IconLock size={28} stroke={1.75} />}
      title={t("forbidden.title")}
      sentence={
        roles.length > 0
          ? t("forbidden.roles", { roles: roles.join(", ") })
          : t("forbidden.sentence")
      }
    />
  );
}

/** The banner over a page that may be looked at but not changed. */
export function ReadOnlyBanner({ children }: { children: ReactNode }) {
  return (
    <div className={classes["banner"]} data-tone="info" role="note">
      <IconEye size={18} stroke={1.75} aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}

interface ErrorStateProps {
  error: unknown;
  onRetry: () => void;
  actions?: ReactNode;
}

/** A failed part of a page. It names the system, offers another try, and keeps the technical line copyable. */
export function ErrorState({ error, onRetry, actions }: ErrorStateProps) {
  const { t } = useTranslation();
  if (isApiError(error) && error.status === 404) return <NotFound actions={actions} />;
  if (isApiError(error) && error.status === 403) {
    const roles = error.extras["roles"];
    return <Forbidden roles={Array.isArray(roles) ? roles.map(String) : []} />;
  }
  const offline = isApiError(error, "offline");
  const model = isApiError(error, "model_service_unavailable");
  const title = model
    ? t("failure.modelService")
    : offline
      ? t("failure.offline")
      : t("failure.title");
  return (
    <StateView
      alert
      drawing={
        <span className={classes["errorIcon"]}>
          <IconPlugConnectedX size={24} stroke={1.75} />
        </span>
      }
      title={title}
      sentence={<RetrySentence error={error} onRetry={onRetry} automatic={offline || model} />}
      actions={
        <Button leftSection={<IconRefresh size={18} stroke={1.75} />} onClick={onRetry}>
          {t("failure.retry")}
        </Button>
      }
      detail={isApiError(error) ? error.request : String(error)}
    />
  );
}

const RETRY_SECONDS = [2, 4, 8, 16, 30] as const;

/** Counts down to the next try by itself: 2, 4, 8 up to 30 seconds. */
function RetrySentence({
  error,
  onRetry,
  automatic,
}: {
  error: unknown;
  onRetry: () => void;
  automatic: boolean;
}) {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const [left, setLeft] = useState<number>(RETRY_SECONDS[0]);
  useEffect(() => {
    if (!automatic) return;
    const timer = setTimeout(() => {
      if (left > 1) {
        setLeft(left - 1);
        return;
      }
      const next = Math.min(attempt + 1, RETRY_SECONDS.length - 1);
      setAttempt(next);
      setLeft(RETRY_SECONDS[next] ?? RETRY_SECONDS[0]);
      onRetry();
    }, 1000);
    return () => clearTimeout(timer);
  }, [automatic, attempt, left, onRetry]);
  if (!automatic) return error instanceof Error ? error.message : null;
  return t("failure.nextTry", { count: left });
}
