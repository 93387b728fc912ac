import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { type LanguageModel, languageModelQuery } from "@/api/language-model";
import { usePermission } from "@/api/me";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, ReadOnlyBanner } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import { SettingsPage } from "../settings-page";
import { AlwaysInPrompt } from "./always-in-prompt";
import { FileLink } from "./file-link";
import classes from "./model.module.css";
import { ModelForm } from "./model-form";
import { ModelTry } from "./model-try";
import { ModelUses } from "./model-uses";
import { MoreInFile } from "./more-in-file";

const route = getRouteApi("/assistants/$assistantId/settings/model");

/** Which language model reads what people write, and a try of it as it is set now. */
export function ModelPage() {
  const { t } = useTranslation(["model", "settings"]);
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const model = useQuery(languageModelQuery(assistantId));
  const mayEdit = usePermission("settings.edit");
  return (
    <SettingsPage name="model" assistant={assistant}>
      <Page
        title={t("title")}
        sentence={t("sentence")}
        actions={
          <ButtonLink
            variant="default"
            to="/assistants/$assistantId/settings/endpoints"
            params={{ assistantId }}
          >
            {t("openFile", { file: "endpoints.yml" })}
          </ButtonLink>
        }
      >
        {mayEdit ? null : <ReadOnlyBanner>{t("settings:readOnly")}</ReadOnlyBanner>}
        {model.error ? (
          <ErrorState error={model.error} onRetry={() => void model.refetch()} />
        ) : model.data ? (
          <ModelView assistantId={assistantId} model={model.data} mayEdit={mayEdit} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}

interface ModelViewProps {
  assistantId: string;
  model: LanguageModel;
  mayEdit: boolean;
}

function ModelView({ assistantId, model, mayEdit }: ModelViewProps) {
  const { t } = useTranslation("model");
  if (model.unreadable)
    return (
      <p className={classes["note"]}>
        {t("unreadable", { file: model.unreadable })}{" "}
        <FileLink assistantId={assistantId} file={model.unreadable} />
      </p>
    );
  if (!model.component)
    return (
      <p className={classes["note"]}>
        {t("noComponent")} <FileLink assistantId={assistantId} file="config.yml" />
      </p>
    );
  return (
    <div className={classes["card"]}>
      <div className={classes["form"]}>
        <ModelForm assistantId={assistantId} model={model} mayEdit={mayEdit} />
        <ModelUses assistantId={assistantId} uses={model.uses} />
        <AlwaysInPrompt assistantId={assistantId} flows={model.always} />
        <MoreInFile assistantId={assistantId} more={model.more} />
      </div>
      <ModelTry assistantId={assistantId} settings={model.settings} mayEdit={mayEdit} />
    </div>
  );
}
