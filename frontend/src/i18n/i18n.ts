import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./resources";

/** Every text of the client goes through here. One file per feature under `en/`, listed in resources.ts. */
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
