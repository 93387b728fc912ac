import { describe, expect, it } from "vitest";
import type { Member, Role } from "@/api/members";
import type { Permission } from "@/api/types";
import { lockOut } from "./lock-out";

const EDITOR: Permission[] = ["assistant.view", "settings.edit"];
const me = (roles: Role[], permissions: Permission[] = EDITOR) => ({
  id: "me",
  roles,
  permissions,
});
const person = (id: string, role: Role): Member => ({
  id: 1,
  user: { id, name: id },
  username: id,
  group: null,
  role,
});
const group = (name: Role, role: Role): Member => ({
  id: 2,
  user: null,
  username: null,
  group: name,
  role,
});
const open = (...members: Member[]) => ({ membersOnly: false, members });
const closed = (...members: Member[]) => ({ membersOnly: true, members });

describe("lockOut", () => {
  it("warns who closes an assistant without being a member", () => {
    expect(lockOut(me(["Developer"]), open(), closed())).toBe("entry");
    const others = [person("other", "Developer"), group("Annotator", "Developer")];
    expect(lockOut(me(["Developer"]), open(...others), closed(...others))).toBe("entry");
  });

  it("warns who would see it but could not change it back", () => {
    const members = [person("me", "Business User")];
    expect(lockOut(me(["Developer"]), open(...members), closed(...members))).toBe("settings");
    const before = closed(person("me", "Developer"));
    expect(lockOut(me([], []), before, closed(...members))).toBe("settings");
  });

  it("lets members who may edit settings, by name or by group, and super users go on", () => {
    for (const member of [person("me", "Developer"), group("Developer", "SuperUser")]) {
      expect(lockOut(me(["Developer"]), open(member), closed(member))).toBeNull();
    }
    expect(lockOut(me(["SuperUser"]), open(), closed())).toBeNull();
  });

  it("warns who removes themselves, unless another membership is left", () => {
    const before = [person("me", "Developer"), group("Annotator", "Developer")];
    expect(lockOut(me(["Developer"]), closed(...before), closed(...before.slice(1)))).toBe("entry");
    expect(lockOut(me(["Annotator"]), closed(...before), closed(...before.slice(1)))).toBeNull();
    // While it is open to everybody, members count for nothing.
    expect(lockOut(me(["Developer"]), open(...before), open())).toBeNull();
  });

  it("warns a member who opens it to everybody and may do less by their roles", () => {
    const members = [person("me", "Developer")];
    const builder = me(["Flow Builder"], ["assistant.view"]);
    expect(lockOut(builder, closed(...members), open(...members))).toBe("settings");
    expect(lockOut(me(["Annotator"], []), closed(...members), open(...members))).toBe("entry");
  });
});
