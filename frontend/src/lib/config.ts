/** What the server tells the client in /config.js; every value has a same-origin default. */
interface RuntimeWindow {
  API_ENDPOINT?: string;
  KEYCLOAK_URL?: string;
  KEYCLOAK_REALM?: string;
  KEYCLOAK_CLIENT_ID?: string;
  CURRENT_VERSION_NUMBER?: string;
  IMAGE_SOURCES?: string;
}

const given = window as unknown as RuntimeWindow;

function absolute(value: string | undefined, fallback: string): string {
  return new URL(value || fallback, window.location.origin).href.replace(/\/$/, "");
}

export const config = {
  /** Origin and path in front of `/api/…`, without a slash at its end. */
  apiOrigin: new URL(absolute(given.API_ENDPOINT, "/")).origin,
  authority: `${absolute(given.KEYCLOAK_URL, "/auth")}/realms/${given.KEYCLOAK_REALM || "rasa-studio"}`,
  clientId: given.KEYCLOAK_CLIENT_ID || "rasa-studio-backend",
  /** Origins that the page's policy lets images come from, or `https:` for all of them. */
  imageSources: (given.IMAGE_SOURCES ?? "").split(" ").filter(Boolean),
  version: given.CURRENT_VERSION_NUMBER || "",
};
