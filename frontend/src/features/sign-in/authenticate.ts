export type SignInAnswer =
  | { kind: "done"; address: string }
  | { kind: "wrong" }
  | { kind: "wait"; seconds: number }
  /** The password was for the first sign-in: one of their own is asked for. */
  | { kind: "temporary" }
  | { kind: "refused"; message: string }
  | { kind: "failed" };

export interface Provider {
  name: string;
  url: string;
}

interface Credentials {
  username: string;
  password: string;
  /** In place of a temporary one; else empty. */
  new_password: string;
  /** Keep the browser's session when the browser is closed. */
  remember: boolean;
}

interface Answer {
  redirect_to?: string;
  retry_after?: number;
  code?: string;
  detail?: string;
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** The address beside this page that takes the form, with the authorisation request of this page. */
function action(): string {
  const path = window.location.pathname.replace(
    /protocol\/openid-connect\/auth$/,
    "login-actions/authenticate",
  );
  return `${path}${window.location.search}`;
}

/** Company accounts that this realm offers; none when the provider does not say. */
export async function signInOptions(): Promise<{ providers: Provider[] }> {
  try {
    const response = await fetch(action());
    return (await response.json()) as { providers: Provider[] };
  } catch {
    return { providers: [] };
  }
}

export async function authenticate(credentials: Credentials): Promise<SignInAnswer> {
  try {
    const response = await fetch(action(), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(credentials),
    });
    const body = (await response.json()) as Answer;
    if (response.ok && body.redirect_to) return { kind: "done", address: body.redirect_to };
    if (response.status === 429) return { kind: "wait", seconds: body.retry_after ?? 1 };
    if (body.code === "password_is_temporary") return { kind: "temporary" };
    if (response.status === 400 && body.detail) return { kind: "refused", message: body.detail };
    return { kind: response.status === 401 ? "wrong" : "failed" };
  } catch {
    return { kind: "failed" };
  }
}
