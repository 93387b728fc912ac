import { expect, test } from "vitest";
import type { Version } from "@/api/types";
import { choiceOf } from "./talks";

const version = (number: number, status: Version["status"]) =>
  ({ id: `v${number}`, number, status }) as Version;
const talk = { id: "v1", number: 1 };

test("without a talk the newest that answers is chosen, else the newest asleep", () => {
  const list = [
    version(4, "failed"),
    version(3, "training"),
    version(2, "ready"),
    version(1, "ready"),
  ];
  expect(choiceOf(list, undefined, undefined)).toEqual({
    version: list[2],
    newer: null,
    deleted: null,
  });
  const asleep = [version(3, "training"), version(2, "inactive"), version(1, "inactive")];
  expect(choiceOf(asleep, undefined, undefined).version).toBe(asleep[1]);
});

test("a talk stays with its version, and the newest that is ready is offered", () => {
  const list = [
    version(4, "training"),
    version(3, "ready"),
    version(2, "ready"),
    version(1, "ready"),
  ];
  expect(choiceOf(list, undefined, talk)).toEqual({
    version: list[3],
    newer: list[1],
    deleted: null,
  });
  for (const status of ["training", "deploying", "failed", "stopped", "inactive"] as const)
    expect(choiceOf([version(2, status), version(1, "ready")], undefined, talk).newer).toBeNull();
});

test("a version that fell asleep in the middle of a talk is not left by itself", () => {
  const list = [version(2, "ready"), version(1, "inactive")];
  expect(choiceOf(list, undefined, talk)).toEqual({
    version: list[1],
    newer: list[0],
    deleted: null,
  });
});

test("an older version is no offer", () => {
  const list = [version(2, "inactive"), version(1, "ready")];
  expect(choiceOf(list, undefined, { id: "v2", number: 2 }).newer).toBeNull();
});

test("a deleted version is told, if there is another to talk to", () => {
  const list = [version(2, "ready")];
  const told = { version: null, newer: list[0], deleted: talk };
  expect(choiceOf(list, undefined, talk)).toEqual(told);
  expect(choiceOf(list, "v1", talk)).toEqual(told);
  expect(choiceOf([version(2, "inactive")], undefined, talk)).toMatchObject({
    version: { number: 2 },
    deleted: null,
  });
  expect(choiceOf([], undefined, talk)).toEqual({ version: null, newer: null, deleted: null });
});

test("the version that the address asks for goes before the talk", () => {
  const list = [version(3, "ready"), version(2, "ready"), version(1, "ready")];
  expect(choiceOf(list, "v2", talk)).toEqual({ version: list[1], newer: list[0], deleted: null });
});
