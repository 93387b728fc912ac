import { create } from "zustand";

interface Announcement {
  text: string;
  urgent: boolean;
  /** Grows with each announcement, so that the same text twice is read twice. */
  count: number;
}

const useAnnouncements = create<Announcement>(() => ({ text: "", urgent: false, count: 0 }));

/** Says `text` to screen readers through the live region of the shell; errors interrupt. */
export function announce(text: string, urgent = false): void {
  useAnnouncements.setState((state) => ({ text, urgent, count: state.count + 1 }));
}

export const useAnnouncement = useAnnouncements;
