import { Button } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Languages } from "@/api/languages";
import { usePermission } from "@/api/me";
import { StateView } from "@/components/feedback/state-views";
import { languageName } from "@/lib/language-name";
import { AddDialog } from "./add-dialog";

interface NoLanguagesProps {
  assistantId: string;
  known: Languages;
}

/** The assistant speaks one language only. */
export function NoLanguages({ assistantId, known }: NoLanguagesProps) {
  const { t, i18n } = useTranslation("translations");
  const mayAdd = usePermission("settings.edit");
  const [adding, setAdding] = useState(false);
  const own = languageName(known.languages[0]?.code ?? "", i18n.language);
  return (
    <>
      <StateView
        drawing={<IconLanguage size={28} stroke={1.75} />}
        title={t("none.title", { own })}
        sentence={t("none.sentence")}
        actions={
          <Button disabled={!mayAdd} onClick={() => setAdding(true)}>
            {t("addLanguage")}
          </Button>
        }
      />
      {adding ? (
        <AddDialog assistantId={assistantId} known={known} onClose={() => setAdding(false)} />
      ) : null}
    </>
  );
}
