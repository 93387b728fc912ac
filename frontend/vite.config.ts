import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where the Studio backend listens during development, such as http://host:port. */
const backend = process.env["STUDIO_BACKEND_URL"];

/** The built sign-in page comes from the backend, with its scripts in `/assets`. */
const proxied = ["/api", "/auth", "/talk", "/config.js", "/assets"];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./src") } },
  server: {
    proxy: backend
      ? Object.fromEntries(proxied.map((path) => [path, { target: backend, ws: true }]))
      : {},
  },
  build: {
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy takes no data: fonts
    rolldownOptions: {
      input: {
        index: here("./index.html"),
        "sign-in": here("./sign-in.html"),
        silent: here("./silent.html"),
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});
