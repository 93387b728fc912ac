import { useSyncExternalStore } from "react";
import type { SaveState } from "@/api/autosave";
import { useBuilder } from "./builder-context";

/** Where the flow stands between the keyboard and the server. */
export function useSaveState(): SaveState {
  const { saver } = useBuilder();
  return useSyncExternalStore(saver.subscribe, saver.state);
}
