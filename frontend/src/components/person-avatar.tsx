import type { Person } from "@/api/types";
import { initials, personColour } from "@/lib/person";
import classes from "./person-avatar.module.css";

interface PersonAvatarProps {
  person: Person;
  size?: number;
}

export function PersonAvatar({ person, size = 24 }: PersonAvatarProps) {
  return (
    <span
      className={classes["avatar"]}
      style={{ "--avatar-size": `calc(${size} * var(--px))`, background: personColour(person.id) }}
      title={person.name}
      data-initials={initials(person.name)}
      aria-hidden="true"
    />
  );
}

export function PersonAvatars({ people, size = 24 }: { people: readonly Person[]; size?: number }) {
  if (people.length === 0) return null;
  return (
    <span
      className={classes["group"]}
      role="img"
      aria-label={people.map((each) => each.name).join(", ")}
    >
      {people.map((person) => (
        <PersonAvatar key={person.id} person={person} size={size} />
      ))}
    </span>
  );
}
