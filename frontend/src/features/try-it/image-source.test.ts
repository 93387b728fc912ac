import { describe, expect, it } from "vitest";
import { hostOf, isShown } from "./image-source";

describe("images of assistants", () => {
  it("are shown from Studio itself, as data, and from the origins that are named", () => {
    const sources = ["https://images.example", "http://127.0.0.1:9000"];
    for (const shown of ["/logo.svg", "data:image/png;base64,AA", "https://images.example/a.png"])
      expect(isShown(shown, sources), shown).toBe(true);
    expect(isShown("http://127.0.0.1:9000/a.png", sources)).toBe(true);
    for (const refused of [
      "https://images.example.evil.example/a.png",
      "https://images.example@evil.example/a.png",
      "http://images.example/a.png",
      "https://images.example:444/a.png",
      "//evil.example/a.png",
      "javascript:alert(1)",
    ])
      expect(isShown(refused, sources), refused).toBe(false);
  });

  it("come from everywhere that is encrypted where that is set", () => {
    expect(isShown("https://anywhere.example/a.png", ["https:"])).toBe(true);
    expect(isShown("http://anywhere.example/a.png", ["https:"])).toBe(false);
  });

  it("are else opened by their host, and by nothing that is no address", () => {
    expect(hostOf("https://anywhere.example/a.png")).toBe("anywhere.example");
    expect(hostOf("javascript:alert(1)")).toBeNull();
    expect(hostOf("data:text/html,x")).toBeNull();
  });
});
