import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SignInPage } from "@/features/sign-in/sign-in-page";
import { showPreferredLanguage } from "@/i18n/i18n";
import { ThemeProvider } from "@/theme/theme-provider";

const root = document.getElementById("root");
if (!root) throw new Error("sign-in.html has no element #root");
await showPreferredLanguage();
createRoot(root).render(
  <StrictMode>
    <ThemeProvider>
      <SignInPage />
    </ThemeProvider>
  </StrictMode>,
);
