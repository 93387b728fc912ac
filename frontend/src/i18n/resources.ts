import builder from "./en/builder.json";
import canvas from "./en/canvas.json";
import common from "./en/common.json";
import conversations from "./en/conversations.json";
import flows from "./en/flows.json";
import home from "./en/home.json";
import inspector from "./en/inspector.json";
import merge from "./en/merge.json";
import settings from "./en/settings.json";
import shell from "./en/shell.json";
import signIn from "./en/sign-in.json";
import tests from "./en/tests.json";
import tryIt from "./en/try-it.json";
import versions from "./en/versions.json";

export const en = {
  builder,
  canvas,
  common,
  conversations,
  flows,
  home,
  inspector,
  merge,
  settings,
  shell,
  "sign-in": signIn,
  tests,
  "try-it": tryIt,
  versions,
};
