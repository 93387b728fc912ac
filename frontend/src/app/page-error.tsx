import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState, NotFound } from "@/components/feedback/state-views";
import { AnchorLink } from "@/components/links";

/** A page that could not be loaded. The rest of the shell, where there is one, keeps working. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const onRetry = useCallback(() => {
    reset();
    void router.invalidate();
  }, [reset, router]);
  return <ErrorState error={error} onRetry={onRetry} actions={<HomeLink />} />;
}

export function PageNotFound() {
  return <NotFound actions={<HomeLink />} />;
}

function HomeLink() {
  const { t } = useTranslation("shell");
  return <AnchorLink to="/">{t("allAssistants")}</AnchorLink>;
}
