import { useTranslation } from "react-i18next";
import type { ValueUse } from "@/api/slots";
import { useContent } from "@/components/content/content-context";
import { useResponseName } from "@/components/content/use-response-name";
import { AnchorLink } from "@/components/links";
import classes from "./slots.module.css";

/** The items that name a value, each a link to where it is edited. */
export function ValueUses({ uses }: { uses: readonly ValueUse[] }) {
  return (
    <ul className={classes["valueUses"]}>
      {uses.map((use) => (
        <li key={`${use.kind} ${use.id}`}>
          <UseLink use={use} />
        </li>
      ))}
    </ul>
  );
}

function UseLink({ use: { kind, id, name } }: { use: ValueUse }) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const responseName = useResponseName();
  const params = { assistantId };
  switch (kind) {
    case "flow":
    case "system_flow":
      return (
        <AnchorLink
          to="/assistants/$assistantId/flows/$flowId"
          params={{ assistantId, flowId: id }}
          search={kind === "system_flow" ? { system: 1 as const } : {}}
        >
          {t("valueIn.flow", { name })}
        </AnchorLink>
      );
    case "response":
      return (
        <AnchorLink
          to="/assistants/$assistantId/responses"
          params={params}
          search={{ response: id }}
        >
          {t("valueIn.response", { name: responseName(id) })}
        </AnchorLink>
      );
    case "slot":
      return (
        <AnchorLink to="/assistants/$assistantId/slots" params={params} search={{ name: id }}>
          {t("valueIn.slot", { name })}
        </AnchorLink>
      );
    case "file":
      return (
        <AnchorLink to="/assistants/$assistantId/files" params={params} search={{ file: id }}>
          {t("valueIn.file", { name })}
        </AnchorLink>
      );
    case "nlu":
      return <Taught entry={id} />;
    default:
      return name;
  }
}

/** The key of what is taught says first what it is: `intent:order`. */
function Taught({ entry }: { entry: string }) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const isIntent = entry.startsWith("intent:");
  const name = entry.slice(entry.indexOf(":") + 1);
  return (
    <AnchorLink
      to="/assistants/$assistantId/understanding"
      params={{ assistantId }}
      search={isIntent ? { name } : { kind: "lists", name: entry }}
    >
      {t(isIntent ? "valueIn.examples" : "valueIn.synonym", { name })}
    </AnchorLink>
  );
}
