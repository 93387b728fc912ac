import { useCallback } from "react";
import { useTranslation } from "react-i18next";

const STEPS = ["byte", "kilobyte", "megabyte"] as const;

/** Bytes as people read them: "799 bytes", "1.8 MB". */
export function useSize(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return useCallback(
    (bytes) => {
      const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), STEPS.length - 1);
      return new Intl.NumberFormat(i18n.language, {
        style: "unit",
        unit: STEPS[step] ?? "byte",
        unitDisplay: step === 0 ? "long" : "short",
        maximumFractionDigits: 1,
      }).format(bytes / 1000 ** step);
    },
    [i18n.language],
  );
}
