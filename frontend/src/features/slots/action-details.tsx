import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ActionCode, actionCodeQuery } from "@/api/actions";
import { fileQuery } from "@/api/files";
import { useContent } from "@/components/content/content-context";
import { FileText } from "@/components/content/file-text";
import { ItemHead } from "@/components/content/item-head";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { ButtonLink } from "@/components/links";
import { humanise } from "@/lib/humanise";
import { ActionNames } from "./action-names";
import { ActionStub } from "./action-stub-view";
import { RunAction } from "./run-action";
import classes from "./slots.module.css";

/** A custom action: what it has to do with, its code to edit, and a run of it; without code, one to begin with. */
export function ActionDetails({ id, onBack }: { id: string; onBack: () => void }) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const found = useQuery(actionCodeQuery(assistantId, id));
  const code = found.data;
  const [line, setLine] = useState<number>();
  return (
    <>
      <ItemHead
        page={t("title")}
        title={humanise(id)}
        onBack={onBack}
        about={<code>{id}</code>}
        tools={
          code ? (
            <ButtonLink
              variant="default"
              to="/assistants/$assistantId/files"
              params={{ assistantId }}
              search={{ file: code.path, line: code.line }}
            >
              {t("toCode")}
            </ButtonLink>
          ) : null
        }
      />
      <div className={classes["body"]}>
        <div className={classes["action"]}>
          {found.error ? (
            <ErrorState error={found.error} onRetry={() => void found.refetch()} />
          ) : code === undefined ? (
            <AfterPause>
              <ListSkeleton />
            </AfterPause>
          ) : (
            <>
              <ActionNames id={id} code={code} />
              {code ? <Code code={code} line={line} /> : <ActionStub action={id} />}
              <RunAction
                action={id}
                reads={code?.reads ?? []}
                path={code?.path ?? null}
                onLine={setLine}
              />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function Code({ code, line }: { code: ActionCode; line: number | undefined }) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const file = useQuery(fileQuery(assistantId, code.path));
  return (
    <section className={classes["section"]} aria-label={t("code")}>
      <div className={classes["sectionHead"]}>
        <h3>{t("code")}</h3>
        <small>
          <code>{code.path}</code>
        </small>
      </div>
      {file.error ? (
        <ErrorState error={file.error} onRetry={() => void file.refetch()} />
      ) : file.data ? (
        <div className={classes["code"]}>
          <FileText assistantId={assistantId} file={file.data} line={line} shown={code.line} />
        </div>
      ) : (
        <ListSkeleton />
      )}
    </section>
  );
}
