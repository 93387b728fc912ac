import { Button } from "@mantine/core";
import { IconSchool, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { versionChangesQuery, versions } from "@/api/versions";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { SidePanel } from "@/components/layout/side-panel";

/** Opened by the app with `?train=1` on every page of an assistant. */
export function TrainPanel({ assistantId, onClose }: { assistantId: string; onClose: () => void }) {
  const { t } = useTranslation(["versions", "common"]);
  const client = useQueryClient();
  const changes = useQuery(versionChangesQuery(assistantId));
  const train = useMutation({
    mutationFn: () => versions.train(assistantId, { flows: null }),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["versions", assistantId] });
    },
    onError: (error) => toast.failed(error.message),
  });
  return (
    <SidePanel
      label={t("panel.title")}
      head={
        <>
          <h2>{t("panel.title")}</h2>
          <IconButton label={t("common:close")} size={28} onClick={onClose}>
            <IconX size={18} stroke={1.75} />
          </IconButton>
        </>
      }
      foot={
        <Button
          leftSection={<IconSchool size={18} stroke={1.75} />}
          loading={train.isPending}
          onClick={() => train.mutate()}
        >
          {t("panel.start")}
        </Button>
      }
    >
      <h3>{t("panel.whatGoesIn")}</h3>
      <ul>
        {changes.data?.map((change) => (
          <li key={change.flow}>{change.name}</li>
        ))}
      </ul>
    </SidePanel>
  );
}
