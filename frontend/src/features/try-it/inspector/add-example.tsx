import { Select } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allContentQuery, content } from "@/api/content";
import { usePermission } from "@/api/me";
import { toast } from "@/components/feedback/toast";
import { announce } from "@/lib/announce";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";

/** Makes what was said an example of the flow that is chosen; it counts from the next training on. */
export function AddExample({ text }: { text: string }) {
  const mayEdit = usePermission("content.edit");
  return mayEdit ? <FlowChoice text={text} /> : null;
}

function FlowChoice({ text }: { text: string }) {
  const { t } = useTranslation("inspector");
  const { assistantId } = useInspection();
  const flows = useQuery(allContentQuery(assistantId, "flows")).data ?? [];
  const [busy, setBusy] = useState(false);
  const add = async (id: string) => {
    setBusy(true);
    try {
      await content.addExample(assistantId, id, text);
      const flow = flows.find((each) => each.id === id)?.name ?? id;
      toast.done(t("understood.exampleAdded", { flow }));
      announce(t("understood.exampleAdded", { flow }));
    } catch (error) {
      toast.refused(error);
    }
    setBusy(false);
  };
  return (
    <Select
      className={classes["addExample"] ?? ""}
      size="xs"
      aria-label={t("understood.addExample")}
      placeholder={t("understood.addExample")}
      leftSection={<IconPlus size={14} stroke={1.75} />}
      data={flows.map(({ id, name }) => ({ value: id, label: name }))}
      nothingFoundMessage={t("understood.noSuchFlow")}
      searchable
      disabled={busy}
      value={null}
      onChange={(id) => {
        if (id !== null) void add(id);
      }}
    />
  );
}
