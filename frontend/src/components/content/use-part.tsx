import type { ReactNode } from "react";

interface UsePartProps<Row> {
  title: string;
  rows: readonly Row[];
  children: (row: Row) => ReactNode;
}

/** Places of one kind under their title; nothing where there are none. */
export function UsePart<Row>({ title, rows, children }: UsePartProps<Row>) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {rows.map((row) => (
          <li key={JSON.stringify(row)}>{children(row)}</li>
        ))}
      </ul>
    </section>
  );
}
