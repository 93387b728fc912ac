import { Button, Menu } from "@mantine/core";
import { IconGitBranch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { branchesQuery } from "@/api/branches";
import { Moment } from "@/components/moment";
import classes from "./flows-page.module.css";

/** What waits beside main, such as a push that met newer edits; each leads to its merge. */
export function BranchesMenu({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("flows");
  const branches = useQuery(branchesQuery(assistantId)).data ?? [];
  const waiting = branches.filter((branch) => branch.waits);
  if (waiting.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconGitBranch size={18} stroke={1.75} />}>
          {t("branches", { count: waiting.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {waiting.map(({ name, created_by: person, created_at: at }) => (
          <Menu.Item
            key={name}
            renderRoot={(props) => (
              <Link
                {...props}
                to="/assistants/$assistantId/branches/$branch/merge"
                params={{ assistantId, branch: name }}
              />
            )}
          >
            <b>{t("mergeBranch", { name })}</b>
            <span className={classes["branchBy"]}>
              {person ? `${person.name}, ` : null}
              <Moment at={at} />
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
