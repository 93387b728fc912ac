/** The sections of an assistant's settings, in the order of their list; each is the end of an address, too. */
export const SETTINGS_SECTIONS = [
  "general",
  "model",
  "action-server",
  "languages",
  "prompts",
  "members",
  "config",
  "endpoints",
  "danger",
] as const;

export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];
