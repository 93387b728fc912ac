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
import { builderSearch } from "@/features/builder/address";
import { conversationSearch, conversationsSearch } from "@/features/conversations/address";
import { filesSearch } from "@/features/files/address";
import { flowsSearch } from "@/features/flows/address";
import { historySearch } from "@/features/history/address";
import { homeSearch } from "@/features/home/address";
import { importSearch } from "@/features/import/address";
import { responsesSearch } from "@/features/responses/address";
import {
  activitySearch,
  lineSearch,
  peopleSearch,
  promptsSearch,
} from "@/features/settings/address";
import { slotsSearch } from "@/features/slots/address";
import { testsSearch } from "@/features/tests/address";
import { translationsSearch } from "@/features/translations/address";
import { tryItSearch } from "@/features/try-it/address";
import { understandingSearch } from "@/features/understanding/address";
import { versionsSearch } from "@/features/versions/address";
import { text } from "@/lib/search-params";
import { AssistantLayout } from "./assistant-layout";
import { HomeLayout } from "./home-layout";
import { PageError, PageNotFound } from "./page-error";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The page needs the room: the navigation is a rail. */
    rail?: boolean;
    /** The page is columns, without a title of its own: the place in the top bar is its heading. */
    columns?: boolean;
    /** The page is the chat itself. */
    chat?: boolean;
  }
  interface Register {
    router: typeof router;
  }
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

const homeRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "/",
  validateSearch: homeSearch,
  component: lazyRouteComponent(() => import("@/features/home/home-page"), "HomePage"),
});

// This and the activity record are the administrators'; the server refuses everybody else.
const peopleRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/people",
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import("@/features/settings/people-page"), "PeoplePage"),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/people" });
  },
});

const ownAccountRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/account",
  component: lazyRouteComponent(
    () => import("@/features/settings/own-account-page"),
    "OwnAccountPage",
  ),
});

const tokensRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/tokens",
  component: lazyRouteComponent(() => import("@/features/settings/tokens-page"), "TokensPage"),
});

const activityRoute = createRoute({
  getParentRoute: () => homeLayout,
  path: "settings/activity",
  validateSearch: activitySearch,
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

const flowsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "flows",
  validateSearch: flowsSearch,
  component: lazyRouteComponent(() => import("@/features/flows/flows-page"), "FlowsPage"),
});

const builderRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "flows/$flowId",
  validateSearch: builderSearch,
  staticData: { rail: true, columns: true },
  component: lazyRouteComponent(() => import("@/features/builder/builder-page"), "BuilderPage"),
});

const tryItRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "try",
  validateSearch: tryItSearch,
  staticData: { rail: true, columns: true, chat: true },
  component: lazyRouteComponent(() => import("@/features/try-it/try-it-page"), "TryItPage"),
});

const versionsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "versions",
  validateSearch: versionsSearch,
  component: lazyRouteComponent(() => import("@/features/versions/versions-page"), "VersionsPage"),
});

const testsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "tests",
  validateSearch: testsSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(() => import("@/features/tests/tests-page"), "TestsPage"),
});

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
  validateSearch: conversationSearch,
  staticData: { rail: true, columns: true },
  component: lazyRouteComponent(
    () => import("@/features/conversations/conversation-page"),
    "ConversationPage",
  ),
});

const translationsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "translations",
  validateSearch: translationsSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(
    () => import("@/features/translations/translations-page"),
    "TranslationsPage",
  ),
});

const slotsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "slots",
  validateSearch: slotsSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(() => import("@/features/slots/slots-page"), "SlotsPage"),
});

const understandingRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "understanding",
  validateSearch: understandingSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(
    () => import("@/features/understanding/understanding-page"),
    "UnderstandingPage",
  ),
});

const filesRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "files",
  validateSearch: filesSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(() => import("@/features/files/files-page"), "FilesPage"),
});

const responsesRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "responses",
  validateSearch: responsesSearch,
  staticData: { columns: true },
  component: lazyRouteComponent(
    () => import("@/features/responses/responses-page"),
    "ResponsesPage",
  ),
});

const historyRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "history",
  validateSearch: historySearch,
  staticData: { columns: true },
  component: lazyRouteComponent(() => import("@/features/history/history-page"), "HistoryPage"),
});

const importRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "import",
  validateSearch: importSearch,
  component: lazyRouteComponent(() => import("@/features/import/import-page"), "ImportPage"),
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
    throw redirect({ to: "/assistants/$assistantId/settings/general", params });
  },
});

const membersRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/members",
  component: lazyRouteComponent(() => import("@/features/settings/members-page"), "MembersPage"),
});

const generalSettingsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/general",
  component: lazyRouteComponent(() => import("@/features/settings/general-page"), "GeneralPage"),
});

const modelRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/model",
  component: lazyRouteComponent(() => import("@/features/settings/model/model-page"), "ModelPage"),
});

const actionServerRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/action-server",
  component: lazyRouteComponent(
    () => import("@/features/settings/model/action-server-page"),
    "ActionServerPage",
  ),
});

const promptsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/prompts",
  validateSearch: promptsSearch,
  component: lazyRouteComponent(
    () => import("@/features/settings/prompts/prompts-page"),
    "PromptsPage",
  ),
});

const languagesRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/languages",
  component: lazyRouteComponent(
    () => import("@/features/settings/languages-page"),
    "LanguagesPage",
  ),
});

const configRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/config",
  validateSearch: lineSearch,
  component: lazyRouteComponent(() => import("@/features/settings/file-page"), "ConfigPage"),
});

const endpointsRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/endpoints",
  validateSearch: lineSearch,
  component: lazyRouteComponent(() => import("@/features/settings/file-page"), "EndpointsPage"),
});

const dangerRoute = createRoute({
  getParentRoute: () => assistantRoute,
  path: "settings/danger",
  component: lazyRouteComponent(() => import("@/features/settings/danger-page"), "DangerPage"),
});

const routeTree = rootRoute.addChildren([
  homeLayout.addChildren([
    homeRoute,
    settingsIndexRoute,
    ownAccountRoute,
    tokensRoute,
    peopleRoute,
    activityRoute,
  ]),
  assistantRoute.addChildren([
    assistantIndexRoute,
    flowsRoute,
    builderRoute,
    tryItRoute,
    testsRoute,
    versionsRoute,
    conversationsRoute,
    conversationRoute,
    responsesRoute,
    translationsRoute,
    slotsRoute,
    understandingRoute,
    filesRoute,
    historyRoute,
    importRoute,
    mergeRoute,
    assistantSettingsRoute,
    generalSettingsRoute,
    languagesRoute,
    modelRoute,
    actionServerRoute,
    promptsRoute,
    membersRoute,
    configRoute,
    endpointsRoute,
    dangerRoute,
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
