/** The languages of the client itself, each under its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;

const KEY = "studio-language";

function known(code: string | null | undefined): Language | undefined {
  const base = code?.split("-")[0];
  return (Object.keys(LANGUAGES) as Language[]).find((each) => each === base);
}

/** What was chosen in this browser, else the first of its own languages that there is, else English. */
export function preferredLanguage(): Language {
  const chosen = known(localStorage.getItem(KEY));
  return chosen ?? navigator.languages.map(known).find((each) => each !== undefined) ?? "en";
}

/** Kept in this browser, for the sign-in page, too. */
export function keepLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
