import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { isApiError, type ProblemItem } from "@/api/errors";
import { type ImportPlan, type ImportSource, imports } from "@/api/imports";
import { usePermission } from "@/api/me";
import { DropArea } from "@/components/drop-area";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { Broken } from "./broken";
import classes from "./import.module.css";
import { PlanView } from "./plan-view";
import { SourceForm } from "./source-form";

const route = getRouteApi("/assistants/$assistantId/import");

interface Seen {
  source: ImportSource;
  /** Without the files that cannot be read. */
  partly: boolean;
  plan: ImportPlan;
}

interface Refused {
  source: ImportSource;
  message: string;
  problems: readonly ProblemItem[];
}

/** A project over this assistant: first what it would change, then what of it is taken. */
export function ImportPage() {
  const { t } = useTranslation("import");
  const { assistantId } = route.useParams();
  const assistant = useQuery(assistantQuery(assistantId));
  const mayEdit = usePermission("content.edit");
  const [seen, setSeen] = useState<Seen | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [reading, setReading] = useState(false);
  const name = assistant.data?.name ?? "";
  const read = async (source: ImportSource, partly = false) => {
    setReading(true);
    setRefused(null);
    try {
      setSeen({ source, partly, plan: await imports.preview(assistantId, source, partly) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      setRefused({ source, message, problems: isApiError(error) ? error.errors : [] });
      setSeen(null);
    } finally {
      setReading(false);
    }
  };
  return (
    <PageFrame crumbs={[{ label: name, link: { to: "/" } }, { label: t("title") }]}>
      <DropArea
        enabled={mayEdit && !reading}
        label={t("drop")}
        onFile={(file) => void read({ file })}
      >
        {seen ? (
          <PlanView
            assistantId={assistantId}
            name={name}
            source={seen.source}
            partly={seen.partly}
            plan={seen.plan}
            onPlan={(plan) => setSeen({ ...seen, plan })}
            onLeave={() => setSeen(null)}
          />
        ) : (
          <Page title={t("into", { name })} sentence={t("sentence")}>
            <div className={classes["start"]}>
              {refused ? (
                <Broken
                  message={refused.message}
                  problems={refused.problems}
                  onPartly={() => void read(refused.source, true)}
                />
              ) : null}
              <SourceForm reading={reading} mayEdit={mayEdit} onSource={(one) => void read(one)} />
            </div>
          </Page>
        )}
      </DropArea>
    </PageFrame>
  );
}
