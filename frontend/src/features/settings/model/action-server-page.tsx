import { Radio } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ActionRunner, type ActionServer, actionServerQuery } from "@/api/action-server";
import { assistantQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, ReadOnlyBanner } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { Page } from "@/components/layout/page-frame";
import { AnchorLink, ButtonLink } from "@/components/links";
import { StateBadge } from "@/components/state-badge";
import { SavedText } from "../saved-field";
import { SettingsPage } from "../settings-page";
import classes from "./action-server.module.css";
import { FileLink } from "./file-link";
import model from "./model.module.css";
import { ServerCheck } from "./server-check";
import { useActionServerChange } from "./use-action-server-change";

const route = getRouteApi("/assistants/$assistantId/settings/action-server");
/** Where rasa-sdk listens by itself. */
const USUAL = "http://localhost:5055/webhook";

/** Who runs the custom actions: code of the project, a server by its address, or nobody. */
export function ActionServerPage() {
  const { t } = useTranslation(["model", "settings"]);
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const found = useQuery(actionServerQuery(assistantId));
  const mayEdit = usePermission("settings.edit");
  return (
    <SettingsPage name="action-server" assistant={assistant}>
      <Page
        title={t("actions.title")}
        sentence={t("actions.sentence")}
        actions={
          <ButtonLink
            variant="default"
            to="/assistants/$assistantId/slots"
            params={{ assistantId }}
            search={{ kind: "actions" }}
          >
            {t("actions.all")}
          </ButtonLink>
        }
      >
        {mayEdit ? null : <ReadOnlyBanner>{t("settings:readOnly")}</ReadOnlyBanner>}
        {found.error ? (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} />
        ) : found.data?.unreadable ? (
          <p className={model["note"]}>
            {t("unreadable", { file: "endpoints.yml" })}{" "}
            <FileLink assistantId={assistantId} file="endpoints.yml" />
          </p>
        ) : found.data ? (
          <Runners assistantId={assistantId} stored={found.data} mayEdit={mayEdit} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}

interface RunnersProps {
  assistantId: string;
  stored: ActionServer;
  mayEdit: boolean;
}

function Runners({ assistantId, stored, mayEdit }: RunnersProps) {
  const { t } = useTranslation("model");
  const change = useActionServerChange(assistantId, stored);
  // A server counts once it has an address: until then only its card is chosen.
  const [chosen, setChosen] = useState<ActionRunner>(stored.runner);
  useEffect(() => setChosen(stored.runner), [stored.runner]);
  const choose = (runner: string) => {
    setChosen(runner as ActionRunner);
    if (runner !== "server") void change(runner as ActionRunner, "").catch(toast.refused);
  };
  const card = (runner: ActionRunner, children?: ReactNode) => (
    <div className={classes["card"]} data-chosen={chosen === runner}>
      <Radio
        value={runner}
        label={t(`actions.runner.${runner}`)}
        description={t(`actions.what.${runner}`)}
        disabled={!mayEdit}
      />
      {stored.runner === runner ? (
        <StateBadge tone="ok" className={classes["badge"] ?? ""}>
          {t("actions.inForce")}
        </StateBadge>
      ) : null}
      {children ? <div className={classes["more"]}>{children}</div> : null}
    </div>
  );
  return (
    <Radio.Group value={chosen} onChange={choose} aria-label={t("actions.title")}>
      <div className={classes["cards"]}>
        {card("project", <OwnCode assistantId={assistantId} stored={stored} />)}
        {card(
          "server",
          chosen === "server" ? (
            <>
              <SavedText
                label={t("api_base")}
                stored={stored.url}
                placeholder={USUAL}
                readOnly={!mayEdit}
                save={(url) => change("server", url)}
              />
              {stored.runner === "server" && mayEdit ? (
                <ServerCheck assistantId={assistantId} url={stored.url} />
              ) : null}
              {stored.runner === "server" && stored.module ? (
                <p>{t("actions.standsIn", { module: stored.module })}</p>
              ) : null}
            </>
          ) : null,
        )}
        {card("none")}
      </div>
      {stored.more.length > 0 ? (
        <p className={model["more"]}>
          <b>{t("more.title")}</b>{" "}
          {t("more.not_shown", { names: stored.more.join(", "), count: stored.more.length })}{" "}
          <FileLink assistantId={assistantId} file="endpoints.yml" />
        </p>
      ) : null}
    </Radio.Group>
  );
}

/** Whether there is any code that could run. */
function OwnCode({ assistantId, stored }: Omit<RunnersProps, "mayEdit">) {
  const { t } = useTranslation("model");
  const { code_files: files, actions } = stored;
  return (
    <p data-warn={stored.runner === "project" && files === 0}>
      {files > 0 ? t("actions.files", { count: files }) : t("actions.noFiles")}{" "}
      {t("actions.count", { count: actions })}{" "}
      <AnchorLink to="/assistants/$assistantId/files" params={{ assistantId }} underline="always">
        {t("actions.openFiles")}
      </AnchorLink>
    </p>
  );
}
