import { useTranslation } from "react-i18next";
import { formatMoment } from "@/lib/relative-time";

/** A time as people say it; the exact one on hover. */
export function Moment({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moment.toLocaleString(i18n.language)}>
      {formatMoment(moment, new Date(), i18n.language)}
    </time>
  );
}
