import { Button } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { useMe, usePermission } from "@/api/me";
import { type Member, membersQuery, type Role } from "@/api/members";
import type { Assistant } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, ReadOnlyBanner, StateView } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { AddMemberDialog } from "./add-member-dialog";
import { EntryChoice } from "./entry-choice";
import { type Access, lockOut } from "./lock-out";
import { LockOutDialog } from "./lock-out-dialog";
import { MemberRoleDialog } from "./member-role-dialog";
import { MemberTable } from "./member-table";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";
import { useMemberCommands } from "./use-member-commands";

const route = getRouteApi("/assistants/$assistantId/settings/members");

/** Who may enter the assistant: everybody by their roles, or named people and groups with a role of their own. */
export function MembersPage() {
  const { t } = useTranslation("settings");
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const members = useQuery(membersQuery(assistantId));
  const mayEdit = usePermission("settings.edit");
  const [adding, setAdding] = useState(false);
  return (
    <SettingsPage name="members" assistant={assistant}>
      <Page
        title={t("members.title")}
        sentence={t("members.sentence")}
        actions={
          mayEdit ? (
            <Button
              leftSection={<IconPlus size={18} stroke={1.75} />}
              disabled={!members.data}
              onClick={() => setAdding(true)}
            >
              {t("members.add")}
            </Button>
          ) : null
        }
      >
        {mayEdit ? null : <ReadOnlyBanner>{t("members.readOnly")}</ReadOnlyBanner>}
        {members.error ? (
          <ErrorState error={members.error} onRetry={() => void members.refetch()} />
        ) : members.data ? (
          <Members assistant={assistant} members={members.data} mayEdit={mayEdit} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
      {adding ? (
        <AddMemberDialog assistantId={assistantId} onClose={() => setAdding(false)} />
      ) : null}
    </SettingsPage>
  );
}

interface MembersProps {
  assistant: Assistant;
  members: readonly Member[];
  mayEdit: boolean;
}

/** A change that its author would pay for, until they have decided. */
interface Asked {
  loses: "entry" | "settings";
  anyway: () => Promise<boolean>;
  stay?: () => Promise<boolean>;
}

function Members({ assistant, members, mayEdit }: MembersProps) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const navigate = useNavigate();
  const commands = useMemberCommands(assistant.id);
  const [changing, setChanging] = useState<Member | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const now: Access = { membersOnly: assistant.members_only, members };
  const guarded = (
    after: Access,
    anyway: () => Promise<boolean>,
    stay?: () => Promise<boolean>,
  ) => {
    const loses = lockOut(me, now, after);
    if (loses) setAsked({ loses, anyway, ...(stay ? { stay } : {}) });
    else void anyway();
  };
  const choose = (membersOnly: boolean) => {
    const own = members.find(({ user }) => user?.id === me.id);
    guarded(
      { membersOnly, members },
      () => commands.setMembersOnly(membersOnly),
      membersOnly ? () => commands.closeAsDeveloper(me.username, own) : undefined,
    );
  };
  const others = (member: Member) => members.filter(({ id }) => id !== member.id);
  const remove = (member: Member) =>
    guarded({ ...now, members: others(member) }, () => commands.remove(member));
  const setRole = (member: Member, role: Role) =>
    guarded({ ...now, members: [...others(member), { ...member, role }] }, () =>
      commands.setRole(member, role),
    );
  const decide = async ({ loses }: Asked, act: () => Promise<boolean>, stays: boolean) => {
    setAsked(null);
    if ((await act()) && !stays && loses === "entry") await navigate({ to: "/" });
  };
  return (
    <>
      <EntryChoice membersOnly={assistant.members_only} disabled={!mayEdit} onChange={choose} />
      <div className={classes["section"]}>
        <h2>{t("members.list")}</h2>
        {assistant.members_only || members.length === 0 ? null : <p>{t("members.later")}</p>}
      </div>
      {members.length > 0 ? (
        <MemberTable members={members} mayEdit={mayEdit} onRole={setChanging} onRemove={remove} />
      ) : (
        <StateView
          drawing={<IconUsersGroup size={28} stroke={1.75} />}
          title={t("members.empty.title")}
          sentence={t(assistant.members_only ? "members.empty.closed" : "members.empty.open")}
        />
      )}
      {changing ? (
        <MemberRoleDialog
          member={changing}
          onClose={() => setChanging(null)}
          onSave={(role) => setRole(changing, role)}
        />
      ) : null}
      {asked ? (
        <LockOutDialog
          loses={asked.loses}
          onClose={() => setAsked(null)}
          onAnyway={() => void decide(asked, asked.anyway, false)}
          onStay={asked.stay && (() => void decide(asked, asked.stay ?? asked.anyway, true))}
        />
      ) : null}
    </>
  );
}
