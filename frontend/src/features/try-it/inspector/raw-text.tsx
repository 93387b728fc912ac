import classes from "./raw-text.module.css";

/** What a machine wrote, as it is; long texts scroll inside, also by keys. */
export function RawText({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key
    <pre className={classes["text"]} tabIndex={0}>
      {children}
    </pre>
  );
}
