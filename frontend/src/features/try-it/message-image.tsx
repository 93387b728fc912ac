import { useTranslation } from "react-i18next";
import classes from "./chat-panel.module.css";
import { hostOf, isShown } from "./image-source";

/** An image of a message, or a link to it where the page's policy does not let it come. */
export function MessageImage({ address }: { address: string }) {
  const { t } = useTranslation("try-it");
  if (!URL.canParse(address, window.location.origin)) return null;
  if (isShown(address)) return <img src={address} alt="" className={classes["image"]} />;
  const host = hostOf(address);
  if (host === null) return null;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {t("imageFrom", { host })}
    </a>
  );
}
