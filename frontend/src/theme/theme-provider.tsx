import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./tokens.css";
import "./global.css";
import {
  localStorageColorSchemeManager,
  MantineProvider,
  mergeThemeOverrides,
} from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { cssVariablesResolver, theme } from "./theme";

const colorSchemes = localStorageColorSchemeManager({ key: "studio-theme" });

/** Theme and toasts; also around the sign-in page, so that the choice is one. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const named = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: { Modal: { defaultProps: { closeButtonProps: { "aria-label": t("close") } } } },
      }),
    [t],
  );
  return (
    <MantineProvider
      theme={named}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
    >
      {children}
      <Notifications position="bottom-center" limit={3} containerWidth={460} />
    </MantineProvider>
  );
}
