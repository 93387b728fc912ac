import { useTranslation } from "react-i18next";
import type { Outcome } from "@/api/conversations";
import { StateBadge, type Tone } from "@/components/state-badge";

export const OUTCOME_TONES: Record<Outcome, Tone> = {
  completed: "ok",
  cancelled: "err",
  error: "err",
  left: "warn",
  handed_over: "warn",
  open: "neutral",
};

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("conversations");
  return <StateBadge tone={OUTCOME_TONES[outcome]}>{t(`outcome.${outcome}`)}</StateBadge>;
}
