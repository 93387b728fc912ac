import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { textScale } from "@/lib/text-scale";
import classes from "./columns.module.css";

interface ColumnsProps {
  /** What the list is called. */
  label: string;
  /** The rows are short, and what is chosen needs the room. */
  narrow?: boolean;
  /** What there is to choose from. */
  list: ReactNode;
  /** In a window below 1100 px the side stays, and the list opens from the title. */
  keeps?: "side";
  /** What the chosen one touches; without `keeps`, in a window below 1100 px the page offers it as a tab instead. */
  side?: ReactNode;
  /** Something is chosen: on a phone it takes the place of the list. */
  chosen: boolean;
  children: ReactNode;
}

const ONE_COLUMN = 700;

/** There is room for one column only: the same point as `@container page (max-width: 43.75rem)`. */
function useOneColumn(columns: RefObject<HTMLElement | null>): boolean {
  const [one, setOne] = useState(false);
  useEffect(() => {
    const element = columns.current;
    if (!element) return;
    const measure = () => setOne(element.clientWidth <= ONE_COLUMN * textScale());
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [columns]);
  return one;
}

/**
 * A page of content: the list left, the thing in the middle, what it touches right. Each scrolls by itself. Where the
 * list stands alone it is what the page is about.
 */
export function Columns(props: ColumnsProps) {
  const { label, narrow, keeps, list, side, chosen, children } = props;
  const columns = useRef<HTMLDivElement>(null);
  const onlyList = useOneColumn(columns) && !chosen;
  const asMain = { id: "main", tabIndex: -1 };
  return (
    <div ref={columns} className={classes["columns"]} data-chosen={chosen} data-keeps={keeps}>
      <section
        className={classes["list"]}
        data-narrow={narrow}
        aria-label={label}
        {...(onlyList ? { role: "main", ...asMain } : {})}
      >
        {list}
      </section>
      <main className={classes["main"]} {...(onlyList ? {} : asMain)}>
        {children}
      </main>
      {side ? <aside className={classes["side"]}>{side}</aside> : null}
    </div>
  );
}
