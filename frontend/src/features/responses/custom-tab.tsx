import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { ListSkeleton } from "@/components/feedback/skeletons";
import type { Json } from "@/flow-core/json";
import { replaced, variationAt, withKey } from "@/flow-core/response";
import classes from "./parts.module.css";

const CustomData = lazy(async () => ({
  default: (await import("@/components/content/custom-data")).CustomData,
}));

interface CustomTabProps {
  body: Json[];
  problems: readonly Problem[];
  onChange: (body: Json[]) => void;
}

/** What channels of one's own get: any data, beside the text or instead of it. */
export function CustomTab({ body, problems, onChange }: CustomTabProps) {
  const { t } = useTranslation(["responses", "content"]);
  return (
    <div className={classes["custom"]}>
      <p className={classes["quiet"]}>{t("custom.sentence")}</p>
      <Suspense fallback={<ListSkeleton />}>
        {body.map((_, index) => {
          const variation = variationAt(body, index);
          return (
            <CustomData
              // biome-ignore lint/suspicious/noArrayIndexKey: variations have no identity but their place
              key={index}
              label={t("content:customData.of", { number: index + 1 })}
              hint={String(variation["text"] ?? "")}
              value={variation["custom"]}
              problems={problems.filter(({ pointer }) => pointer?.startsWith(`/${index}/custom`))}
              onChange={(custom) =>
                onChange(replaced(body, index, withKey(variation, "custom", custom)))
              }
            />
          );
        })}
      </Suspense>
    </div>
  );
}
