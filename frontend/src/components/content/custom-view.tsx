import type { Json } from "@/flow-core/json";
import classes from "./custom-data.module.css";

/** Custom data of a message as they are; the channel that they are for makes something of them. */
export function CustomView({ value }: { value: Json }) {
  return <code className={classes["view"]}>{JSON.stringify(value, null, 2)}</code>;
}
