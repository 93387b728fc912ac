import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type PersonalToken, tokensQuery } from "@/api/tokens";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, StateView } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { NewTokenDialog } from "./new-token-dialog";
import { RevokeTokenDialog } from "./revoke-token-dialog";
import { SettingsPage } from "./settings-page";
import { TokenTable } from "./token-table";

export function TokensPage() {
  const { t } = useTranslation("settings");
  const [making, setMaking] = useState(false);
  return (
    <SettingsPage name="tokens">
      <Page
        title={t("tokens.title")}
        sentence={t("tokens.sentence")}
        actions={
          <Button
            leftSection={<IconPlus size={18} stroke={1.75} />}
            onClick={() => setMaking(true)}
          >
            {t("tokens.make")}
          </Button>
        }
      >
        <TokenList />
      </Page>
      {making ? <NewTokenDialog onClose={() => setMaking(false)} /> : null}
    </SettingsPage>
  );
}

function TokenList() {
  const { t } = useTranslation("settings");
  const own = useQuery(tokensQuery);
  const [leaving, setLeaving] = useState<PersonalToken | null>(null);
  if (own.error) return <ErrorState error={own.error} onRetry={() => void own.refetch()} />;
  if (!own.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  if (own.data.length === 0)
    return (
      <StateView
        drawing={<IconKey size={28} stroke={1.75} />}
        title={t("tokens.empty.title")}
        sentence={t("tokens.empty.sentence")}
      />
    );
  return (
    <>
      <TokenTable tokens={own.data} onRevoke={setLeaving} />
      {leaving ? <RevokeTokenDialog token={leaving} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}
