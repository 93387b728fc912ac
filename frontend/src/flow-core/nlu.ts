/** A marked entity in an example: its words stand at these places of the plain text. */
export interface Mark {
  start: number;
  end: number;
  entity: string;
  role?: string | undefined;
  group?: string | undefined;
  /** What the words mean; without it, themselves. */
  value?: string | undefined;
  /** As it is written, while nobody has changed it. */
  written?: string | undefined;
}

export interface Example {
  text: string;
  marks: readonly Mark[];
}

// [the value](entity) or [the value]{"entity": …}; the same as in `modelservice.project.nlu_examples`.
const MARKED = /\[([^\]]+)\](?:\(([^)]*)\)|(\{[^}]*\}))/g;

/** An example of nlu.yml as its words and the marks in them. */
export function readExample(written: string): Example {
  let text = "";
  let done = 0;
  const marks: Mark[] = [];
  for (const match of written.matchAll(MARKED)) {
    const [whole, words = "", short, fields] = match;
    text += written.slice(done, match.index);
    done = match.index + whole.length;
    const meant = short === undefined ? fieldsOf(fields ?? "") : shortOf(short);
    const start = text.length;
    text += words;
    if (meant) marks.push({ start, end: text.length, ...meant, written: whole });
  }
  return { text: text + written.slice(done), marks };
}

type Meant = Omit<Mark, "start" | "end" | "written">;

/** The older [text](entity:value) is read, too. */
function shortOf(short: string): Meant {
  const [entity = "", ...value] = short.split(":");
  return { entity, ...(value.length > 0 ? { value: value.join(":") } : {}) };
}

function fieldsOf(text: string): Meant | null {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return null;
    const { entity, role, group, value } = fields as Record<string, unknown>;
    if (typeof entity !== "string") return null;
    return {
      entity,
      ...(typeof role === "string" ? { role } : {}),
      ...(typeof group === "string" ? { group } : {}),
      ...(value === undefined ? {} : { value: String(value) }),
    };
  } catch {
    return null;
  }
}

/**
 * The example as nlu.yml has it. Marks that nobody changed stay as they were written. A bracket that would begin
 * or end another mark becomes a round one: nlu.yml knows no other way to write it.
 */
export function writeExample(example: Example): string {
  const { text, marks } = example;
  const written = joined(text, marks);
  const read = readExample(written);
  const same = read.text === text && read.marks.length === marks.length;
  return same ? written : joined(rounded(text), marks);
}

/** Without the brackets that nlu.yml takes for marks. */
export function rounded(text: string): string {
  return text.replaceAll("[", "(").replaceAll("]", ")");
}

function joined(text: string, marks: readonly Mark[]): string {
  let written = "";
  let done = 0;
  for (const mark of sorted(marks)) {
    written += text.slice(done, mark.start) + writeMark(text.slice(mark.start, mark.end), mark);
    done = mark.end;
  }
  return written + text.slice(done);
}

function writeMark(words: string, mark: Mark): string {
  if (mark.written?.startsWith(`[${words}]`)) return mark.written;
  const { entity, role, group } = mark;
  const value = mark.value === words || mark.value === "" ? undefined : mark.value;
  if (!role && !group && value === undefined && !/[):]/.test(entity))
    return `[${words}](${entity})`;
  const fields = {
    entity,
    ...(role ? { role } : {}),
    ...(group ? { group } : {}),
    ...(value === undefined ? {} : { value }),
  };
  return `[${words}]${JSON.stringify(fields)}`;
}

/** Marks where their words went when the text was typed over; one whose words are gone goes. */
export function retyped({ text, marks }: Example, next: string): Example {
  let same = 0;
  while (same < Math.min(text.length, next.length) && text[same] === next[same]) same += 1;
  let tail = 0;
  while (
    tail < Math.min(text.length, next.length) - same &&
    text[text.length - 1 - tail] === next[next.length - 1 - tail]
  )
    tail += 1;
  const end = text.length - tail;
  const by = next.length - text.length;
  const kept: Mark[] = [];
  for (const mark of marks) {
    if (mark.end <= same) kept.push(mark);
    else if (mark.start >= end) kept.push({ ...mark, start: mark.start + by, end: mark.end + by });
    else if (mark.start <= same && mark.end >= end) {
      if (mark.end + by > mark.start) kept.push({ ...mark, end: mark.end + by });
    }
  }
  return { text: next, marks: kept };
}

export function withMark({ text, marks }: Example, mark: Mark): Example {
  const others = marks.filter(({ start, end }) => end <= mark.start || start >= mark.end);
  return { text, marks: sorted([...others, { ...mark, written: undefined }]) };
}

export function withoutMark({ text, marks }: Example, mark: Mark): Example {
  return { text, marks: marks.filter((each) => each.start !== mark.start) };
}

/** The mark that these places lie in. */
export function markAt(marks: readonly Mark[], start: number, end: number): Mark | undefined {
  return marks.find((mark) => mark.start <= start && end <= mark.end);
}

/** A mark that these places lie across: neither inside of it nor beside it. */
export function overlapped(marks: readonly Mark[], start: number, end: number): Mark | undefined {
  return marks.find(
    (mark) =>
      mark.start < end &&
      start < mark.end &&
      !(mark.start <= start && end <= mark.end) &&
      !(start <= mark.start && mark.end <= end),
  );
}

/** The chosen places without the blanks around. */
export function trimmed(text: string, start: number, end: number): [number, number] {
  const words = text.slice(start, end);
  const before = words.length - words.trimStart().length;
  const trimmedEnd = start + words.trimEnd().length;
  return words.trim() === "" ? [start, start] : [start + before, trimmedEnd];
}

export interface Segment {
  text: string;
  mark: Mark | null;
  start: number;
}

/** The text in parts, each marked or plain. */
export function segmentsOf({ text, marks }: Example): Segment[] {
  const parts: Segment[] = [];
  let done = 0;
  for (const mark of sorted(marks)) {
    if (mark.start > done)
      parts.push({ text: text.slice(done, mark.start), mark: null, start: done });
    parts.push({ text: text.slice(mark.start, mark.end), mark, start: mark.start });
    done = mark.end;
  }
  if (done < text.length) parts.push({ text: text.slice(done), mark: null, start: done });
  return parts;
}

/** Equal for two examples that teach the same; the server compares in the same way. */
export function sameWords(written: string): string {
  const { text, marks } = readExample(written.split(/\s+/).filter(Boolean).join(" "));
  const told = marks.map(({ start, end, entity, role, group, value }) => [
    start,
    end,
    entity,
    role ?? null,
    group ?? null,
    value === undefined || value === text.slice(start, end) ? null : value,
  ]);
  return JSON.stringify([text, told]).toLowerCase();
}

function sorted(marks: readonly Mark[]): Mark[] {
  return marks.toSorted((one, other) => one.start - other.start);
}
