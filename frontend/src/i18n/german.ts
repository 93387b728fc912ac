import builder from "./de/builder.json";
import canvas from "./de/canvas.json";
import common from "./de/common.json";
import content from "./de/content.json";
import conversations from "./de/conversations.json";
import files from "./de/files.json";
import flows from "./de/flows.json";
import history from "./de/history.json";
import home from "./de/home.json";
import importing from "./de/import.json";
import inspector from "./de/inspector.json";
import merge from "./de/merge.json";
import model from "./de/model.json";
import prompts from "./de/prompts.json";
import responses from "./de/responses.json";
import settings from "./de/settings.json";
import shell from "./de/shell.json";
import signIn from "./de/sign-in.json";
import slots from "./de/slots.json";
import tests from "./de/tests.json";
import translations from "./de/translations.json";
import tryIt from "./de/try-it.json";
import understanding from "./de/understanding.json";
import versions from "./de/versions.json";
import type { en } from "./resources";

/** The same keys with other words. */
type Translated<Texts> = {
  [Key in keyof Texts]: Texts[Key] extends string ? string : Translated<Texts[Key]>;
};

export const de: Translated<typeof en> = {
  builder,
  canvas,
  common,
  content,
  conversations,
  files,
  flows,
  history,
  home,
  import: importing,
  inspector,
  merge,
  model,
  prompts,
  responses,
  settings,
  shell,
  "sign-in": signIn,
  slots,
  tests,
  translations,
  "try-it": tryIt,
  understanding,
  versions,
};
