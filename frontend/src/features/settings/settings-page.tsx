import { type Icon, IconHistory, IconKey, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { PageFrame } from "@/components/layout/page-frame";
import classes from "./settings.module.css";

type PageName = "people" | "activity" | "members" | "tokens";

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
  const params = { assistantId: assistant?.id ?? "" };
  const above = assistant
    ? [
        { label: t("title"), link: { to: "/assistants/$assistantId/settings", params } as const },
        { label: assistant.name, link: { to: "/assistants/$assistantId/flows", params } as const },
      ]
    : [{ label: t("title"), link: { to: mayManage ? "/settings" : "/settings/tokens" } as const }];
  return (
    <PageFrame crumbs={[...above, { label: t(`${name}.title`) }]}>
      <div className={classes["columns"]}>
        <nav className={classes["pages"]} aria-label={t("pages")}>
          {assistant ? (
            <>
              <span className={classes["group"]}>{assistant.name}</span>
              <PageLink
                icon={IconUsersGroup}
                label={t("members.title")}
                link={{ to: "/assistants/$assistantId/settings/members", params }}
              />
              {mayManage ? <span className={classes["group"]}>{t("studio")}</span> : null}
            </>
          ) : (
            <>
              <span className={classes["group"]}>{t("own")}</span>
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
