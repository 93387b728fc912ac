import { capitalised } from "./capitalised";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * A moment as people say it: "12 seconds ago" up to an hour, then "Today, 08:12", "Yesterday, 17:40",
 * "20 Nov, 16:22". `now` is a parameter so that lists agree with each other and tests are steady.
 */
export function formatMoment(moment: Date, now: Date, locale: string): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (Math.abs(seconds) < MINUTE) return relative.format(seconds, "second");
  if (Math.abs(seconds) < HOUR) return relative.format(Math.round(seconds / MINUTE), "minute");
  return formatDay(moment, now, locale);
}

/** The day and the time, without "minutes ago": for what stays on the page as it is. */
export function formatDay(moment: Date, now: Date, locale: string): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const time = formatClock(moment, locale);
  const days = dayNumber(moment) - dayNumber(now);
  if (days === 0 || days === -1) return `${capitalised(relative.format(days, "day"))}, ${time}`;
  const date = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
  return `${date.format(moment)}, ${time}`;
}

/** Hours and minutes on a 24 hour clock. */
export function formatClock(moment: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(moment);
}

function dayNumber(moment: Date): number {
  return Math.floor(
    Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / (24 * HOUR * 1000),
  );
}
