import {
  type Icon,
  IconAdjustments,
  IconAlertTriangle,
  IconBolt,
  IconFileSettings,
  IconHistory,
  IconKey,
  IconLanguage,
  IconMessageCode,
  IconSparkles,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { PageFrame } from "@/components/layout/page-frame";
import { SETTINGS_SECTIONS, type SettingsSection } from "@/lib/settings-sections";
import classes from "./settings.module.css";

type PageName = SettingsSection | "people" | "activity" | "tokens" | "account";

const ICONS: Record<SettingsSection, Icon> = {
  general: IconAdjustments,
  model: IconSparkles,
  "action-server": IconBolt,
  languages: IconLanguage,
  prompts: IconMessageCode,
  members: IconUsersGroup,
  config: IconFileSettings,
  endpoints: IconFileSettings,
  danger: IconAlertTriangle,
};

interface SettingsPageProps {
  name: PageName;
  /** Whose settings they are; without it those of Studio as a whole. */
  assistant?: Assistant | undefined;
  children: ReactNode;
}

/** The pages of the settings beside their list. */
export function SettingsPage({ name, assistant, children }: SettingsPageProps) {
  const { t } = useTranslation("settings");
  const mayManage = usePermission("user.manage");
  const list = useRef<HTMLElement>(null);
  // In a narrow window the list is one row, which may be longer than the window.
  useEffect(() => {
    const here = list.current?.querySelector(`[href$="/settings/${name}"]`);
    here?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [name]);
  const params = { assistantId: assistant?.id ?? "" };
  const above = assistant
    ? [
        { label: t("title"), link: { to: "/assistants/$assistantId/settings", params } as const },
        { label: assistant.name, link: { to: "/assistants/$assistantId/flows", params } as const },
      ]
    : [{ label: t("title"), link: { to: mayManage ? "/settings" : "/settings/account" } as const }];
  const title = name === "account" ? t("own.title") : t(`${name}.title`);
  return (
    <PageFrame crumbs={[...above, { label: title }]}>
      <div className={classes["columns"]}>
        <nav ref={list} className={classes["pages"]} aria-label={t("pages")} onKeyDown={moveFocus}>
          {assistant ? (
            <>
              <span className={classes["group"]}>{assistant.name}</span>
              {SETTINGS_SECTIONS.map((section) => (
                <Fragment key={section}>
                  {section === "config" ? (
                    <span className={classes["group"]}>{t("asFiles")}</span>
                  ) : null}
                  {section === "danger" ? <hr className={classes["line"]} /> : null}
                  <PageLink
                    icon={ICONS[section]}
                    label={t(`${section}.title`)}
                    link={{ to: `/assistants/$assistantId/settings/${section}`, params }}
                  />
                </Fragment>
              ))}
              {mayManage ? <span className={classes["group"]}>{t("studio")}</span> : null}
            </>
          ) : (
            <>
              <span className={classes["group"]}>{t("you")}</span>
              <PageLink
                icon={IconUserCircle}
                label={t("own.title")}
                link={{ to: "/settings/account" }}
              />
              <PageLink
                icon={IconKey}
                label={t("tokens.title")}
                link={{ to: "/settings/tokens" }}
              />
              {mayManage ? <span className={classes["group"]}>{t("studio")}</span> : null}
            </>
          )}
          {mayManage ? (
            <>
              <PageLink
                icon={IconUsers}
                label={t("people.title")}
                link={{ to: "/settings/people" }}
              />
              <PageLink
                icon={IconHistory}
                label={t("activity.title")}
                link={{ to: "/settings/activity" }}
              />
            </>
          ) : null}
        </nav>
        {children}
      </div>
    </PageFrame>
  );
}

function PageLink({ icon: PageIcon, label, link }: { icon: Icon; label: string; link: LinkProps }) {
  return (
    <Link
      {...link}
      className={classes["item"]}
      activeProps={{ "aria-current": "page", "data-active": true }}
    >
      <PageIcon size={20} stroke={1.75} aria-hidden="true" />
      {label}
    </Link>
  );
}

/** Up and down go from one section to the next; Enter opens it. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links: (Element | null)[] = [...event.currentTarget.querySelectorAll("a")];
  const next = links.indexOf(document.activeElement) + step;
  const link = links[(next + links.length) % links.length];
  if (link instanceof HTMLElement) link.focus();
  event.preventDefault();
}
