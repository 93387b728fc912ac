import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState, NotFound, StatePage } from "@/components/feedback/state-views";
import { ButtonLink } from "@/components/links";

/** A page that could not be loaded. The rest of the shell, where there is one, keeps working. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const onRetry = useCallback(() => {
    reset();
    void router.invalidate();
  }, [reset, router]);
  return (
    <StatePage>
      <ErrorState error={error} onRetry={onRetry} actions={<HomeLink />} />
    </StatePage>
  );
}

export function PageNotFound() {
  return (
    <StatePage>
      <NotFound actions={<HomeLink />} />
    </StatePage>
  );
}

function HomeLink() {
  const { t } = useTranslation("shell");
  return <ButtonLink to="/">{t("allAssistants")}</ButtonLink>;
}
