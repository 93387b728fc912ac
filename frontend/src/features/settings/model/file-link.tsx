import { useTranslation } from "react-i18next";
import { AnchorLink } from "@/components/links";

/** To the editor of config.yml or endpoints.yml. */
export function FileLink({ assistantId, file }: { assistantId: string; file: string }) {
  const { t } = useTranslation("model");
  const name = file.startsWith("config") ? "config" : "endpoints";
  return (
    <AnchorLink
      to={`/assistants/$assistantId/settings/${name}`}
      params={{ assistantId }}
      underline="always"
    >
      {t("openFile", { file })}
    </AnchorLink>
  );
}
