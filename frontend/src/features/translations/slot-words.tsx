import { Fragment } from "react";
import { partsOf } from "@/flow-core/placeholders";
import classes from "./slot-words.module.css";

/** Words to read, with slots as chips. */
export function SlotWords({ text, jinja = false }: { text: string; jinja?: boolean }) {
  if (jinja) return text;
  return partsOf(text).map((part, index) =>
    part.slot === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in their order
      <Fragment key={index}>{part.text}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <code key={index} className={classes["chip"]}>
        {part.slot}
      </code>
    ),
  );
}
