import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buttonTranslation,
  conditionText,
  filled,
  moved,
  nameFrom,
  placesOf,
  rephraseOf,
  sharedButtons,
  translationCounts,
  translationOf,
  withButtonTranslation,
  withMetadata,
  withSharedButtons,
  withTranslation,
} from "./response";

const words = fc.constantFrom("", "a", "b {c}");
const button = fc.record({ title: words, payload: words });
const variation = fc.record(
  { text: words, buttons: fc.array(button, { maxLength: 2 }), condition: words, channel: words },
  { requiredKeys: ["text"] },
);
const body = fc.array(variation, { minLength: 1, maxLength: 4 });

describe("bodies of responses", () => {
  it("takes a translation back as if it had never been", () => {
    fc.assert(
      fc.property(variation, button, (each, one) => {
        const translated = withTranslation(each, "de", "ja");
        expect(translationOf(translated, "de")).toBe("ja");
        expect(withTranslation(translated, "de", "")).toEqual(each);
        const titled = withButtonTranslation(one, "de", "ja");
        expect(buttonTranslation(titled, "de")).toBe("ja");
        expect(withButtonTranslation(titled, "de", "")).toEqual(one);
      }),
    );
  });

  it("moves within a group and leaves the others", () => {
    fc.assert(
      fc.property(body, fc.nat(3), fc.nat(3), (each, at, to) => {
        const { plain } = placesOf(each);
        const next = moved(each, plain, at % (plain.length || 1), to % (plain.length || 1));
        expect(placesOf(next)).toEqual(placesOf(each));
        const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
        expect(sorted(next)).toEqual(sorted(each));
      }),
    );
    const ordered = [{ text: "a" }, { text: "b", condition: "x" }, { text: "c" }, { text: "d" }];
    expect(moved(ordered, [0, 2, 3], 2, 0).map((one) => (one as { text: string }).text)).toEqual([
      ...["d", "b", "a", "c"],
    ]);
  });

  it("shares buttons and says what it lacks", () => {
    fc.assert(
      fc.property(body, fc.array(button, { maxLength: 2 }), (each, buttons) => {
        const next = withSharedButtons(each, buttons);
        expect(sharedButtons(next)).toEqual(buttons);
        const { texts, missing } = translationCounts(next, "de");
        expect(missing).toBe(texts);
      }),
    );
  });

  it("keeps what metadata say of everything else", () => {
    const before = [{ text: "a", metadata: { template: "jinja" } }, { text: "b" }];
    const on = withMetadata(before, "rephrase", true);
    expect(rephraseOf(on)).toBe(true);
    expect(rephraseOf(before)).toBeNull();
    expect(withMetadata(on, "rephrase", undefined)).toEqual(before);
  });

  it("reads the older form of a condition", () => {
    const condition = [
      { type: "slot", name: "vip", value: true },
      { type: "slot", name: "tier", value: null },
    ];
    expect(conditionText({ condition })).toBe("slots.vip is true and slots.tier is null");
  });

  it("proposes names and fills samples", () => {
    const free = () => false;
    expect(nameFrom("How much should I send to {recipient}, please?", free)).toBe(
      "utter_how_much_should_i_send_to",
    );
    expect(nameFrom("Grüße!", (name) => name === "utter_gruße")).toBe("utter_gruße_2");
    expect(nameFrom("…", free)).toBe("utter_message");
    expect(filled("To {a}: {b}", new Map([["a", "Lena"]]))).toBe("To Lena: {b}");
  });
});
