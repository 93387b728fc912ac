import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./filter-bar.module.css";

/** The line over a list: search and filters, and at its end what orders or shares the list. */
export function FilterBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className={classes["bar"]}>
      {children}
      <span className={classes["grow"]} />
      {end}
    </div>
  );
}

/** Changes what the address of this page says, without a new entry in the history. */
export function useSearchChange<Search extends object>(): (change: Partial<Search>) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: ".",
      search: (previous) => ({ ...previous, ...change }),
      replace: true,
    });
}
