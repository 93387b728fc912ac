/** Languages that are offered by name; any other may be typed as a code. */
const OFFERED =
  "af am ar az be bg bn bs ca cs cy da de de-AT de-CH el en en-GB en-US es es-MX et eu fa fi fil fr fr-CA fr-CH ga gl " +
  "gu he hi hr hu hy id is it ja ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nl-BE nn no pa pl ps pt " +
  "pt-BR pt-PT ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi yue zh zh-Hans zh-Hant zu";

export const LANGUAGE_CODES: readonly string[] = OFFERED.split(" ");

export interface LanguageChoice {
  code: string;
  /** "German (de)" */
  label: string;
  name: string;
}

/** A tag such as pt-BR, or one of one's own such as x-en-formal; a longer word is a name that nobody knows. */
const CODE = /^([A-Za-z]{2,3}|x)(-[A-Za-z0-9]{1,8})*$/;

/** The code that was meant by a name, a label or a code; null: none. */
export function codeOf(typed: string, choices: readonly LanguageChoice[]): string | null {
  const wanted = typed.trim().toLowerCase();
  const known = choices.find(({ code, label, name }) =>
    [code, label, name].some((spelling) => spelling.toLowerCase() === wanted),
  );
  if (known) return known.code;
  return CODE.test(typed.trim()) && wanted !== "x" ? typed.trim() : null;
}
