import { useTranslation } from "react-i18next";
import { ROLES } from "@/api/members";
import classes from "./sections.module.css";

/** Roles, each with what it lets a person do. */
export function RoleList({ roles }: { roles: readonly string[] }) {
  const { t } = useTranslation("settings");
  if (roles.length === 0) return <p className={classes["hint"]}>{t("own.noRole")}</p>;
  return (
    <dl className={classes["facts"]}>
      {roles.map((role) => (
        <div key={role}>
          <dt>{role}</dt>
          <dd>
            <RoleMay role={role} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a role lets a person do everywhere; nothing for a role that Studio does not know. */
export function RoleMay({ role }: { role: string }) {
  const { t } = useTranslation("settings");
  const known = ROLES.find((each) => each === role);
  return known ? t(`roles.may.${known}`) : null;
}
