import { Button, Popover } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ResponseContext } from "@/api/responses";
import { UsePart } from "@/components/content/use-part";
import { AnchorLink } from "@/components/links";
import { humanise } from "@/lib/humanise";
import classes from "./responses.module.css";

const PATTERN = "pattern_";

interface UsedInProps {
  assistantId: string;
  context: ResponseContext | undefined;
}

/** Every place that says the response; steps are links. */
export function UsedIn({ assistantId, context }: UsedInProps) {
  const { t } = useTranslation("responses");
  const { flows = [], slots = [], patterns = [], texts = [] } = context ?? {};
  const count = flows.length + slots.length + patterns.length;
  return (
    <Popover position="bottom-end" width={340} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconRoute size={16} stroke={1.75} />}
          disabled={!context || count + texts.length === 0}
        >
          {context ? t("usedIn", { count }) : t("usedInLoading")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes["uses"]}>
        <UsePart title={t("places.flows")} rows={flows}>
          {({ flow, flow_name: name, step, how }) => (
            <>
              <AnchorLink
                to="/assistants/$assistantId/flows/$flowId"
                params={{ assistantId, flowId: flow }}
                search={{ step, ...(flow.startsWith(PATTERN) ? { system: 1 as const } : {}) }}
              >
                {name}
              </AnchorLink>
              <span>{t(`how.${how}`)}</span>
            </>
          )}
        </UsePart>
        <UsePart title={t("places.slots")} rows={slots}>
          {({ slot, how }) => (
            <>
              <code>{slot}</code>
              <span>{t(`how.${how}`)}</span>
            </>
          )}
        </UsePart>
        <UsePart title={t("places.patterns")} rows={patterns}>
          {(pattern) => (
            <AnchorLink
              to="/assistants/$assistantId/flows/$flowId"
              params={{ assistantId, flowId: pattern }}
              search={{ system: 1 }}
            >
              {humanise(pattern)}
            </AnchorLink>
          )}
        </UsePart>
        <UsePart title={t("places.texts")} rows={texts}>
          {(path) => <code>{path}</code>}
        </UsePart>
      </Popover.Dropdown>
    </Popover>
  );
}
