import { IconHistory, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PageFrame } from "@/components/layout/page-frame";
import classes from "./settings.module.css";

const PAGES = [
  { name: "people", to: "/settings/people", icon: IconUsers },
  { name: "activity", to: "/settings/activity", icon: IconHistory },
] as const;

/** The pages of the settings beside their list. */
export function SettingsPage({
  name,
  children,
}: {
  name: "people" | "activity";
  children: ReactNode;
}) {
  const { t } = useTranslation("settings");
  return (
    <PageFrame
      crumbs={[{ label: t("title"), link: { to: "/settings" } }, { label: t(`${name}.title`) }]}
    >
      <div className={classes["columns"]}>
        <nav className={classes["pages"]} aria-label={t("pages")}>
          {PAGES.map(({ name: each, to, icon: PageIcon }) => (
            <Link
              key={each}
              to={to}
              className={classes["item"]}
              activeProps={{ "aria-current": "page", "data-active": true }}
            >
              <PageIcon size={20} stroke={1.75} aria-hidden="true" />
              {t(`${each}.title`)}
            </Link>
          ))}
        </nav>
        {children}
      </div>
    </PageFrame>
  );
}
