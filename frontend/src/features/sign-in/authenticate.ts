export type SignInAnswer =
  | { kind: "done"; address: string }
  | { kind: "wrong" }
  | { kind: "wait"; seconds: number }
  | { kind: "failed" };

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** Sends name and password to the identity provider, with the authorisation request of this page's address. */
export async function authenticate(username: string, password: string): Promise<SignInAnswer> {
  const action = window.location.pathname.replace(
    /protocol\/openid-connect\/auth$/,
    "login-actions/authenticate",
  );
  try {
    const response = await fetch(`${action}${window.location.search}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ username, password }),
    });
    const body = (await response.json()) as { redirect_to?: string; retry_after?: number };
    if (response.ok && body.redirect_to) return { kind: "done", address: body.redirect_to };
    if (response.status === 429) return { kind: "wait", seconds: body.retry_after ?? 0 };
    return { kind: response.status === 401 ? "wrong" : "failed" };
  } catch {
    return { kind: "failed" };
  }
}
