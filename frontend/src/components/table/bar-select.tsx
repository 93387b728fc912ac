import { Select, type SelectProps } from "@mantine/core";
import classes from "./bar-field.module.css";

/** A choice in a bar over content, of the height and softness of the search beside it. */
export function BarSelect(props: SelectProps) {
  return <Select {...props} classNames={{ input: classes["input"] }} />;
}
