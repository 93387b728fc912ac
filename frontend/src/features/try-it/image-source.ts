import { config } from "@/lib/config";

/** Whether the page's policy lets an image come from there. */
export function isShown(address: string, sources = config.imageSources): boolean {
  const { protocol, origin } = new URL(address, window.location.origin);
  if (protocol === "data:" || origin === window.location.origin) return true;
  return sources.some((source) =>
    source === "https:" ? protocol === "https:" : new URL(source).origin === origin,
  );
}

/** The host of an address that a person can open; null of anything else. */
export function hostOf(address: string): string | null {
  const { protocol, host } = new URL(address, window.location.origin);
  return protocol === "https:" || protocol === "http:" ? host : null;
}
