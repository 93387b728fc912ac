import builder from "./en/builder.json";
import canvas from "./en/canvas.json";
import common from "./en/common.json";
import content from "./en/content.json";
import conversations from "./en/conversations.json";
import files from "./en/files.json";
import flows from "./en/flows.json";
import history from "./en/history.json";
import home from "./en/home.json";
import importing from "./en/import.json";
import inspector from "./en/inspector.json";
import merge from "./en/merge.json";
import model from "./en/model.json";
import prompts from "./en/prompts.json";
import responses from "./en/responses.json";
import settings from "./en/settings.json";
import shell from "./en/shell.json";
import signIn from "./en/sign-in.json";
import slots from "./en/slots.json";
import tests from "./en/tests.json";
import translations from "./en/translations.json";
import tryIt from "./en/try-it.json";
import understanding from "./en/understanding.json";
import versions from "./en/versions.json";

export const en = {
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
