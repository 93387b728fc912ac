import { defineConfig } from "@playwright/test";

// Our own account there, and one person for each role, all with the password "rasa".
process.env["KEYCLOAK_API_PASSWORD"] ??= "the-backend-of-studio";
process.env["KEYCLOAK_DEFAULT_USER_CREATION"] ??= "true";
if (!process.env["KEYCLOAK_URL"]) throw new Error("KEYCLOAK_URL is not set: `make test-services`");

const { default: usual } = await import("../playwright.config");

/** The whole product on real servers, as `make up-full` starts it. */
export default defineConfig({
  ...usual,
  projects: [{ name: "services" }],
  workers: 1,
  testDir: ".",
});
