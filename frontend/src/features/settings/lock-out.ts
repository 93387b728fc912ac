import { editsSettings, type Member } from "@/api/members";
import type { Me } from "@/api/types";

/** Who may enter an assistant: everybody by role, or only its members. */
export interface Access {
  membersOnly: boolean;
  members: readonly Member[];
}

type Person = Pick<Me, "id" | "roles" | "permissions">;

/**
 * What a person would take from themselves by changing who may enter: the assistant as a whole, or the right to
 * change its settings back. Null where they keep both, or did not have them.
 */
export function lockOut(me: Person, before: Access, after: Access): "entry" | "settings" | null {
  const held = heldIn(me, before);
  const kept = heldIn(me, after);
  if (held.entry && !kept.entry) return "entry";
  return held.settings && !kept.settings ? "settings" : null;
}

function heldIn(me: Person, { membersOnly, members }: Access) {
  if (me.roles.includes("SuperUser")) return { entry: true, settings: true };
  if (!membersOnly) {
    return {
      entry: me.permissions.includes("assistant.view"),
      settings: me.permissions.includes("settings.edit"),
    };
  }
  const own = members.filter(({ user, group }) =>
    user ? user.id === me.id : group !== null && me.roles.includes(group),
  );
  return { entry: own.length > 0, settings: own.some(({ role }) => editsSettings(role)) };
}
