import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { assistantQuery } from "@/api/assistants";
import { meQuery } from "@/api/me";
import { queryClient } from "@/api/query-client";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { AssistantLayout } from "./assistant-layout";
import { HomeLayout } from "./home-layout";
import { PageError, PageNotFound } from "./page-error";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The page needs the room: the navigation is a rail. */
    rail?: boolean;
    /** The page is the chat itself. */
    chat?: boolean;
  }
  interface Register {
    router: typeof router;
  }
}

/** Text of a search parameter, or nothing. Numbers come from addresses such as `?step=1`. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

function oneOf<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((each) => each === value);
}

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: ({ context }) => context.queryClient.ensureQueryData(meQuery),
  component: Outlet,
  notFoundComponent: PageNotFound,
});

const homeLayout = createRoute({
  getParentRoute: () => rootRoute,
  id: "home",
  component: HomeLayout,
});

const HOME_VIEWS = ["list"] as const;
const HOME_SHOWS = ["deleted"] as const;

export interface HomeSearch {
  search?: string | undefined;
  view?: (typeof HOME_VIEWS)[number] | undefined;
  show?: (typeof HOME_SHOWS)[number] | undefined;
}

const homeRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "/",
  validateSearch: (search: Record<string, unknown>): HomeSearch => ({
    search: text(search["search"]),
    view: oneOf(HOME_VIEWS, search["view"]),
    show: oneOf(HOME_SHOWS, search["show"]),
  }),
  component: lazyRouteComponent(() => import("@/features/home/home-page"), "HomePage"),
});

/** This and the activity record are the administrators'; the server refuses everybody else. */
export interface PeopleSearch {
  search?: string | undefined;
  page?: number | undefined;
}

const peopleRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/people",
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    search: text(search["search"]),
    page: typeof search["page"] === "number" && search["page"] > 1 ? search["page"] : undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/settings/people-page"), "PeoplePage"),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/people" });
  },
});

const tokensRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/tokens",
  component: lazyRouteComponent(() => import("@/features/settings/tokens-page"), "TokensPage"),
});

const activityRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/activity",
  validateSearch: (
    search: Record<string, unknown>,
  ): { search?: string | undefined; action?: string | undefined } => ({
    search: text(search["search"]),
    action: text(search["action"]),
  }),
  component: lazyRouteComponent(() => import("@/features/settings/activity-page"), "ActivityPage"),
});

const assistantRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/assistants/$assistantId",
  /** `train=1` and `chat=1` open the two surfaces that lie over any page of the assistant. */
  validateSearch: (
    search: Record<string, unknown>,
  ): { train?: 1 | undefined; chat?: 1 | undefined } => ({
    ...(search["train"] === 1 ? { train: 1 } : {}),
    ...(search["chat"] === 1 ? { chat: 1 } : {}),
  }),
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(assistantQuery(params.assistantId)),
  component: AssistantLayout,
  notFoundComponent: PageNotFound,
});

const assistantIndexRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/assistants/$assistantId/flows", params });
  },
});

const FLOW_TABS = ["system", "deleted"] as const;
const FLOW_STATES = ["ready", "errors", "warnings"] as const;
const FLOW_ORDERINGS = ["name", "-updated_at"] as const;

export interface FlowsSearch {
  tab?: (typeof FLOW_TABS)[number] | undefined;
  search?: string | undefined;
  state?: (typeof FLOW_STATES)[number] | undefined;
  /** Id of the person who edited last. */
  author?: string | undefined;
  ordering?: (typeof FLOW_ORDERINGS)[number] | undefined;
}

const flowsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "flows",
  validateSearch: (search: Record<string, unknown>): FlowsSearch => ({
    tab: oneOf(FLOW_TABS, search["tab"]),
    search: text(search["search"]),
    state: oneOf(FLOW_STATES, search["state"]),
    author: text(search["author"]),
    ordering: oneOf(FLOW_ORDERINGS, search["ordering"]),
  }),
  component: lazyRouteComponent(() => import("@/features/flows/flows-page"), "FlowsPage"),
});

export interface BuilderSearch {
  /** Id of the selected step, `START`, or `<step>:logic` for the branches after it. */
  step?: string | undefined;
  /** Tab of the side panel. */
  tab?: string | undefined;
  /** A system flow (default pattern) instead of one of the assistant's own. */
  system?: 1 | undefined;
}

const builderRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "flows/$flowId",
  validateSearch: (search: Record<string, unknown>): BuilderSearch => ({
    step: text(search["step"]),
    tab: text(search["tab"]),
    ...(search["system"] === 1 ? { system: 1 as const } : {}),
  }),
  staticData: { rail: true },
  component: lazyRouteComponent(() => import("@/features/builder/builder-page"), "BuilderPage"),
});

const INSPECTOR_TABS = ["where", "time", "actions"] as const;

export interface TryItSearch {
  /** Id of the version to talk to; without it the newest that answers. */
  version?: string | undefined;
  /** Number of the turn that the inspector shows; without it the latest. */
  turn?: number | undefined;
  /** Tab of the inspector; without it the slots. */
  tab?: (typeof INSPECTOR_TABS)[number] | undefined;
}

const tryItRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "try",
  validateSearch: (search: Record<string, unknown>): TryItSearch => ({
    version: text(search["version"]),
    turn: typeof search["turn"] === "number" ? search["turn"] : undefined,
    tab: oneOf(INSPECTOR_TABS, search["tab"]),
  }),
  staticData: { rail: true, chat: true },
  component: lazyRouteComponent(() => import("@/features/try-it/try-it-page"), "TryItPage"),
});

const VERSION_VIEWS = ["mine", "named"] as const;

export interface VersionsSearch {
  search?: string | undefined;
  show?: (typeof VERSION_VIEWS)[number] | undefined;
  log?: string | undefined;
}

const versionsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "versions",
  /** `log`: the id of the version whose log is open. */
  validateSearch: (search: Record<string, unknown>): VersionsSearch => ({
    search: text(search["search"]),
    show: oneOf(VERSION_VIEWS, search["show"]),
    log: text(search["log"]),
  }),
  component: lazyRouteComponent(() => import("@/features/versions/versions-page"), "VersionsPage"),
});

const TEST_VIEWS = ["failed", "passed"] as const;

export interface TestsSearch {
  search?: string | undefined;
  show?: (typeof TEST_VIEWS)[number] | undefined;
  run?: string | undefined;
  version?: string | undefined;
  path?: string | undefined;
}

const testsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "tests",
  /** `run` of `version`: the run that is shown, and the `path` that it was started with. */
  validateSearch: (search: Record<string, unknown>): TestsSearch => ({
    search: text(search["search"]),
    show: oneOf(TEST_VIEWS, search["show"]),
    run: text(search["run"]),
    version: text(search["version"]),
    path: text(search["path"]),
  }),
  component: lazyRouteComponent(() => import("@/features/tests/tests-page"), "TestsPage"),
});

const YES_NO = ["true", "false"] as const;
const OUTCOMES = ["completed", "cancelled", "left", "handed_over", "error", "open"] as const;

export interface ConversationsSearch {
  search?: string | undefined;
  channel?: string | undefined;
  test?: (typeof YES_NO)[number] | undefined;
  flow?: string | undefined;
  reviewed?: (typeof YES_NO)[number] | undefined;
  outcome?: (typeof OUTCOMES)[number] | undefined;
  tag?: string | undefined;
}

function conversationsSearch(search: Record<string, unknown>): ConversationsSearch {
  return {
    search: text(search["search"]),
    channel: text(search["channel"]),
    test: oneOf(YES_NO, String(search["test"])),
    flow: text(search["flow"]),
    reviewed: oneOf(YES_NO, String(search["reviewed"])),
    outcome: oneOf(OUTCOMES, search["outcome"]),
    tag: text(search["tag"]),
  };
}

const conversationsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "conversations",
  validateSearch: conversationsSearch,
  component: lazyRouteComponent(
    () => import("@/features/conversations/conversations-page"),
    "ConversationsPage",
  ),
});

const conversationRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "conversations/$conversationId",
  /** The filters of the list one came from, and the selected event. */
  validateSearch: (
    search: Record<string, unknown>,
  ): ConversationsSearch & { event?: number | undefined } => ({
    ...conversationsSearch(search),
    event: typeof search["event"] === "number" ? search["event"] : undefined,
  }),
  staticData: { rail: true },
  component: lazyRouteComponent(
    () => import("@/features/conversations/conversation-page"),
    "ConversationPage",
  ),
});

const mergeRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "branches/$branch/merge",
  /** `into`: the branch that takes the changes; without it main. */
  validateSearch: (search: Record<string, unknown>): { into?: string | undefined } => ({
    into: text(search["into"]),
  }),
  component: lazyRouteComponent(() => import("@/features/merge/merge-page"), "MergePage"),
});

const assistantSettingsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/assistants/$assistantId/settings/members", params });
  },
});

const membersRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/members",
  component: lazyRouteComponent(() => import("@/features/settings/members-page"), "MembersPage"),
});

const routeTree = rootRoute.addChildren([
  homeLayout.addChildren([homeRoute, settingsIndexRoute, tokensRoute, peopleRoute, activityRoute]),
  assistantRoute.addChildren([
    assistantIndexRoute,
    flowsRoute,
    builderRoute,
    tryItRoute,
    testsRoute,
    versionsRoute,
    conversationsRoute,
    conversationRoute,
    mergeRoute,
    assistantSettingsRoute,
    membersRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: () => (
    <AfterPause>
      <ListSkeleton />
    </AfterPause>
  ),
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: PageNotFound,
});
