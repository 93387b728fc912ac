import type { ProblemItem } from "@/api/errors";
import classes from "./place-list.module.css";

export interface PlacedText {
  place: string;
  text: string;
}

/** What is to be said of places in files. */
export function PlaceList({ title, places }: { title: string; places: readonly PlacedText[] }) {
  if (places.length === 0) return null;
  return (
    <section>
      <h2 className={classes["title"]}>{title}</h2>
      <ul className={classes["list"]}>
        {places.map(({ place, text }) => (
          <li key={`${place} ${text}`}>
            {place ? <code>{place}</code> : null}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function placedProblem({ file, line, item, field, message }: ProblemItem): PlacedText {
  const where = file && line ? `${file}:${line}` : (file ?? field ?? "");
  return { place: item ? `${where} ${item}`.trim() : where, text: message };
}
