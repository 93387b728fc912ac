import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { useCommandKeys, useCommands } from "./use-commands";

function Page({ onRun, inner }: { onRun: (id: string) => void; inner?: boolean }) {
  useCommandKeys();
  useCommands(
    [
      { id: "flows", label: "Go to flows", group: "Go", keys: ["g f"], run: () => onRun("flows") },
      { id: "all", label: "All keys", group: "Help", keys: ["?"], run: () => onRun("all") },
      { id: "undo", label: "Undo", group: "Edit", keys: ["Ctrl Z"], run: () => onRun("undo") },
      {
        id: "palette",
        label: "Palette",
        group: "Go",
        keys: ["Ctrl K"],
        inFields: true,
        run: () => onRun("palette"),
      },
    ],
    "shell",
  );
  return (
    <>
      <input aria-label="field" />
      <input aria-label="picker" readOnly />
      {inner ? <Inner onRun={onRun} /> : null}
    </>
  );
}

function Inner({ onRun }: { onRun: (id: string) => void }) {
  useCommands([
    {
      id: "inner",
      label: "Inner undo",
      group: "Edit",
      keys: ["Ctrl Z"],
      run: () => onRun("inner"),
    },
  ]);
  return null;
}

describe("keys of commands", () => {
  it("runs sequences, signs and combinations", async () => {
    const onRun = vi.fn();
    render(<Page onRun={onRun} />);
    await userEvent.keyboard("gf?{Control>}z{/Control}");
    expect(onRun.mock.calls.flat()).toEqual(["flows", "all", "undo"]);
  });

  it("leaves text fields alone, but for what is meant to work there", async () => {
    const onRun = vi.fn();
    render(<Page onRun={onRun} />);
    await userEvent.click(screen.getByLabelText("field"));
    await userEvent.keyboard("gf?{Control>}z{/Control}{Control>}k{/Control}");
    expect(onRun.mock.calls.flat()).toEqual(["palette"]);
    expect(screen.getByLabelText("field")).toHaveValue("gf?");
  });

  it("takes Ctrl Z where nothing can be typed, and no letters", async () => {
    const onRun = vi.fn();
    render(<Page onRun={onRun} />);
    await userEvent.click(screen.getByLabelText("picker"));
    await userEvent.keyboard("gf?{Control>}z{/Control}");
    expect(onRun.mock.calls.flat()).toEqual(["undo"]);
  });

  it("lets the innermost of two commands with one key win, until it leaves", async () => {
    const onRun = vi.fn();
    const { rerender } = render(<Page onRun={onRun} inner />);
    await userEvent.keyboard("{Control>}z{/Control}");
    rerender(<Page onRun={onRun} />);
    await userEvent.keyboard("{Control>}z{/Control}");
    expect(onRun.mock.calls.flat()).toEqual(["inner", "undo"]);
  });
});
