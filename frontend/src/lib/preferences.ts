import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

/** Choices that belong to this browser and need no server: widths, view, remembered level. */
export interface Preferences {
  navigationFolded: boolean;
  panelWidth: number;
  builderView: "canvas" | "outline";
  tryItLevel: "basic" | "inspector";
  followConversation: boolean;
  singleKeys: boolean;
}

const initial: Preferences = {
  navigationFolded: false,
  panelWidth: 384,
  builderView: "canvas",
  tryItLevel: "basic",
  followConversation: true,
  singleKeys: true,
};

export const usePreferences = create<Preferences>()(
  persist(() => initial, {
    name: "studio-preferences",
    storage: createJSONStorage(() => localStorage),
  }),
);

export function setPreference<Key extends keyof Preferences>(key: Key, value: Preferences[Key]) {
  usePreferences.setState({ [key]: value } as Pick<Preferences, Key>);
}
