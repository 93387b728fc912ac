import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect, useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { SavedText } from "./saved-field";

const save = vi.fn(async (_value: string) => {});
beforeEach(() => save.mockClear());

/** The field is shown as long as there is a value, as the address of a server is. */
function Form({ stored }: { stored: string }) {
  const [shown, setShown] = useState(true);
  useEffect(() => setShown(stored !== ""), [stored]);
  return (
    <MantineProvider env="test">
      {shown ? <SavedText label="Address" stored={stored} readOnly={false} save={save} /> : null}
    </MantineProvider>
  );
}

it("a value that was taken back elsewhere is not saved again when its field goes", async () => {
  const { rerender } = render(<Form stored="http://one" />);
  await userEvent.clear(screen.getByLabelText("Address"));
  await userEvent.type(screen.getByLabelText("Address"), "http://two{Enter}");
  expect(save.mock.calls).toEqual([["http://two"]]);
  rerender(<Form stored="http://two" />);
  rerender(<Form stored="" />);
  expect(screen.queryByLabelText("Address")).toBeNull();
  expect(save.mock.calls).toEqual([["http://two"]]);
});

it("what is typed is saved when its page is left with the focus still in the field", async () => {
  const { unmount } = render(<Form stored="http://one" />);
  await userEvent.type(screen.getByLabelText("Address"), "/two");
  unmount();
  expect(save.mock.calls).toEqual([["http://one/two"]]);
});
