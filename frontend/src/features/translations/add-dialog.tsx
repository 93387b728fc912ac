import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Languages } from "@/api/languages";
import { AddLanguage } from "@/components/languages/add-language";
import { useLanguageCommands } from "@/components/languages/use-language-commands";

interface AddDialogProps {
  assistantId: string;
  known: Languages;
  onClose: () => void;
}

/** Another language, which is open as soon as it is there. */
export function AddDialog({ assistantId, known, onClose }: AddDialogProps) {
  const { t } = useTranslation(["translations", "common"]);
  const navigate = useNavigate();
  const { add } = useLanguageCommands(assistantId);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("addLanguage")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <AddLanguage
        taken={known.languages.filter(({ place }) => place !== "unlisted")}
        add={async (code) => {
          await add(code);
          onClose();
          void navigate({
            to: "/assistants/$assistantId/translations",
            params: { assistantId },
            search: { language: code },
          });
        }}
      />
    </Modal>
  );
}
