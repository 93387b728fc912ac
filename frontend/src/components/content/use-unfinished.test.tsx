import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Problem } from "@/api/types";
import { useUnfinished } from "./use-unfinished";

const PROBLEM = { code: "response.missing", pointer: "/steps/0", message: "None." } as Problem;

function Page({ problems }: { problems: readonly Problem[] }) {
  const shown = useUnfinished(problems, "step");
  return (
    <>
      <input aria-label="field" />
      <button type="button">Elsewhere</button>
      <output>{shown.map((each) => (each.unfinished ? "grey" : "told")).join()}</output>
    </>
  );
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const focus = (element: HTMLElement) => act(() => element.focus());
const wait = () => act(() => vi.advanceTimersByTime(2_000));

it("is grey while its field is written, and told once it is left", () => {
  const { rerender } = render(<Page problems={[]} />);
  focus(screen.getByLabelText("field"));
  rerender(<Page problems={[PROBLEM]} />);
  wait();
  expect(screen.getByRole("status")).toHaveTextContent("grey");
  focus(screen.getByRole("button"));
  wait();
  expect(screen.getByRole("status")).toHaveTextContent("told");
});

it("is told when the checks answer after the field was left", () => {
  const { rerender } = render(<Page problems={[]} />);
  focus(screen.getByLabelText("field"));
  focus(screen.getByRole("button"));
  wait();
  rerender(<Page problems={[PROBLEM]} />);
  expect(screen.getByRole("status")).toHaveTextContent("told");
});

it("is grey again when a field is written once more", () => {
  const { rerender } = render(<Page problems={[]} />);
  focus(screen.getByLabelText("field"));
  focus(screen.getByRole("button"));
  wait();
  focus(screen.getByLabelText("field"));
  rerender(<Page problems={[PROBLEM]} />);
  wait();
  expect(screen.getByRole("status")).toHaveTextContent("grey");
});
