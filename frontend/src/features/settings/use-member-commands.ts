import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import { type Member, members, type NewMember, type Role } from "@/api/members";
import { toast } from "@/components/feedback/toast";

/** A person's name, or the group in words. */
export function useMemberName(): (member: Member) => string {
  const { t } = useTranslation("settings");
  return ({ user, group }) => user?.name ?? t("members.group", { group });
}

/** Who may enter an assistant, changed at once; each change can be undone, a refusal is said in the server's words. */
export function useMemberCommands(assistantId: string) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const nameOf = useMemberName();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["assistant", assistantId] }),
      client.invalidateQueries({ queryKey: ["assistants"] }),
    ]);
  /** True when it was done. */
  const attempt = async (act: () => Promise<unknown>): Promise<boolean> => {
    let done = true;
    try {
      await act();
    } catch (error) {
      done = false;
      toast.refused(error);
    }
    await refresh();
    return done;
  };
  const undoing = (about: string, act: () => Promise<unknown>) => ({
    about: `members ${assistantId} ${about}`,
    undo: () => void attempt(act),
  });
  const setMembersOnly = (membersOnly: boolean) =>
    assistants.change(assistantId, { members_only: membersOnly });
  return {
    refresh,
    setMembersOnly: (membersOnly: boolean) =>
      attempt(async () => {
        await setMembersOnly(membersOnly);
        toast.done(
          t(membersOnly ? "members.closed" : "members.opened"),
          undoing("only", () => setMembersOnly(!membersOnly)),
        );
      }),
    /** The person gets the role `Developer` there first, and stays able to open it again. */
    closeAsDeveloper: (username: string, own: Member | undefined) =>
      attempt(async () => {
        if (own) await members.change(assistantId, own.id, "Developer");
        else await members.add(assistantId, { username, role: "Developer" });
        await setMembersOnly(true);
        toast.done(
          t("members.closed"),
          undoing("only", () => setMembersOnly(false)),
        );
      }),
    setRole: (member: Member, role: Role) =>
      attempt(async () => {
        await members.change(assistantId, member.id, role);
        toast.done(
          t("members.changed", { name: nameOf(member), role }),
          undoing(placeOf(member), () => members.change(assistantId, member.id, member.role)),
        );
      }),
    remove: (member: Member) =>
      attempt(async () => {
        await members.remove(assistantId, member.id);
        toast.done(
          t("members.removed", { name: nameOf(member) }),
          undoing(placeOf(member), () => members.add(assistantId, anew(member))),
        );
      }),
  };
}

export type MemberCommands = ReturnType<typeof useMemberCommands>;

/** It stays where a member is removed and comes back. */
function placeOf({ username, group }: Member): string {
  return username === null ? `group ${group}` : `user ${username}`;
}

/** What adds a member again as they were. */
function anew({ username, group, role }: Member): NewMember {
  return username === null ? { group: group as Role, role } : { username, role };
}
