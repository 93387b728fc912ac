import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { keepLanguage, type Language, preferredLanguage } from "./language";
import { en } from "./resources";

/** Every text of the client goes through here. One file per feature under `en/`, listed in resources.ts, and its twin under `de/`. */
void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  defaultNS: "common",
  ns: Object.keys(en),
  resources: { en },
  interpolation: { escapeValue: false },
  returnNull: false,
});

export const i18n = i18next;

/** Fetches the texts of a language, which English needs not, and shows the page in it. */
async function show(language: Language): Promise<void> {
  if (language === "de" && !i18next.hasResourceBundle("de", "common")) {
    const { de } = await import("./german");
    for (const [area, texts] of Object.entries(de)) i18next.addResourceBundle("de", area, texts);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Before anything is drawn: the language of this browser. Texts that cannot be had leave the page English. */
export async function showPreferredLanguage(): Promise<void> {
  await show(preferredLanguage()).catch(() => undefined);
}

export async function chooseLanguage(language: Language): Promise<void> {
  await show(language);
  keepLanguage(language);
}
