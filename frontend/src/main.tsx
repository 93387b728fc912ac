import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { showPreferredLanguage } from "@/i18n/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root");
await showPreferredLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
