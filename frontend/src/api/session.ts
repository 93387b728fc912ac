import {
  ErrorTimeout,
  InMemoryWebStorage,
  type SigninSilentArgs,
  type User,
  UserManager,
  WebStorageStateStore,
} from "oidc-client-ts";
import { create } from "zustand";
import { config } from "@/lib/config";

/**
 * Who is signed in. Tokens live in memory only; a reload signs in again in silence through the identity
 * provider's own session (`prompt=none` in an iframe).
 */
export type SessionStatus = "starting" | "signed-in" | "ended" | "unreachable";

export const useSession = create<{ status: SessionStatus; userId: string | null }>(() => ({
  status: "starting",
  userId: null,
}));

export const SIGNED_IN_PATH = "/signed-in";

const REFRESH_SECONDS_BEFORE_EXPIRY = 45;
const RETRY_MS = 5000;

/** On it a tab tells the others that it signed out. */
const TABS = "studio-session";

/**
 * The library, what waits for an answer, and the end of an outage may each ask for a renewal in the same moment. The
 * second would be refused, for a refresh token counts once, and that reads as the end of the session.
 */
class OneRenewal extends UserManager {
  private renewal: Promise<User | null> | null = null;

  override signinSilent(args?: SigninSilentArgs): Promise<User | null> {
    this.renewal ??= super.signinSilent(args).finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }
}

let managerInstance: UserManager | undefined;
let otherTabs: BroadcastChannel | undefined;

function manager(): UserManager {
  if (managerInstance) return managerInstance;
  const { origin } = window.location;
  managerInstance = new OneRenewal({
    authority: config.authority,
    client_id: config.clientId,
    redirect_uri: `${origin}${SIGNED_IN_PATH}`,
    post_logout_redirect_uri: `${origin}/`,
    silent_redirect_uri: `${origin}/silent.html`,
    popup_redirect_uri: `${origin}/silent.html`,
    scope: "openid profile email",
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: REFRESH_SECONDS_BEFORE_EXPIRY,
    silentRequestTimeoutInSeconds: 8,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
  });
  managerInstance.events.addUserLoaded(signedIn);
  managerInstance.events.addAccessTokenExpired(() => void freshToken().catch(renewLater));
  managerInstance.events.addSilentRenewError(renewLater);
  otherTabs = new BroadcastChannel(TABS);
  otherTabs.addEventListener("message", () => void forgetTokens());
  return managerInstance;
}

/** An identity provider that is away ends nothing by itself: the next try may find it back. */
function renewLater(error: Error): void {
  if (!isUnreachable(error)) return;
  setTimeout(() => manager().signinSilent().catch(renewLater), RETRY_MS);
}

async function forgetTokens(): Promise<void> {
  await manager().removeUser();
  sessionRefused();
}

function signedIn(user: User): void {
  useSession.setState({ status: "signed-in", userId: user.profile.sub });
  for (const listener of tokenListeners) listener(user.access_token);
}

const tokenListeners = new Set<(token: string) => void>();

/** Calls `listener` with each fresh access token; returns how to stop. */
export function onFreshToken(listener: (token: string) => void): () => void {
  tokenListeners.add(listener);
  return () => tokenListeners.delete(listener);
}

export async function accessToken(): Promise<string | null> {
  const user = await manager().getUser();
  return user && !user.expired ? user.access_token : null;
}

/**
 * An access token that has not run out, renewed if it had to be. While the identity provider is away, for however
 * long, nobody is signed out: this fails then.
 */
export async function freshToken(): Promise<string | null> {
  const token = await accessToken();
  if (token !== null || useSession.getState().status !== "signed-in") return token;
  try {
    return (await manager().signinSilent())?.access_token ?? null;
  } catch (error) {
    if (isUnreachable(error) || error instanceof ErrorTimeout) throw error;
    sessionRefused();
    return null;
  }
}

/** The server no longer accepts the session; the shell asks to sign in again over the page. */
export function sessionRefused(): void {
  if (useSession.getState().status === "signed-in") useSession.setState({ status: "ended" });
}

interface ReturnState {
  returnTo: string;
}

/**
 * Signs in: finishes a redirect under way, else in silence, else by leaving for the sign-in page.
 * Resolves when signed in (or when the page is about to be left).
 */
export async function startSession(): Promise<void> {
  try {
    if (window.location.pathname === SIGNED_IN_PATH) {
      const user = await manager().signinRedirectCallback();
      const returnTo = (user.state as ReturnState | undefined)?.returnTo ?? "/";
      window.history.replaceState(null, "", returnTo);
      signedIn(user);
      return;
    }
    await manager().signinSilent();
  } catch (error) {
    if (isUnreachable(error)) useSession.setState({ status: "unreachable" });
    else await leaveForSignIn();
  }
}

function isUnreachable(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof Error && /network|fetch/i.test(error.message))
  );
}

async function leaveForSignIn(): Promise<void> {
  const here = window.location.pathname === SIGNED_IN_PATH ? "/" : pathWithSearch();
  const state: ReturnState = { returnTo: here };
  await manager().signinRedirect({ state });
}

function pathWithSearch(): string {
  const { pathname, search, hash } = window.location;
  return `${pathname}${search}${hash}`;
}

/** Signs in again in a small window, so that nothing on the page is lost. */
export async function signInAgain(): Promise<void> {
  await manager().signinPopup({ popupWindowFeatures: { width: 520, height: 720 } });
}

/** Ends the session of the identity provider, here and in every other tab. */
export async function signOut(): Promise<void> {
  const leaving = manager();
  otherTabs?.postMessage("signed out");
  await leaving.signoutRedirect();
}
