import { Button, Menu } from "@mantine/core";
import {
  IconCheck,
  IconCopy,
  IconDots,
  IconFlask,
  IconPlus,
  IconTag,
  IconTestPipe,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationDetail, ConversationEvent } from "@/api/conversations";
import { usePermission } from "@/api/me";
import { tests } from "@/api/tests";
import { useSaveAsTest } from "@/components/content/use-save-as-test";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { StateBadge } from "@/components/state-badge";
import { useCommands } from "@/lib/commands/use-commands";
import { humanise } from "@/lib/humanise";
import { formatMoment } from "@/lib/relative-time";
import classes from "./conversation-page.module.css";
import { DeleteDialog, TagDialog } from "./conversation-table";
import { EventLine } from "./event-line";
import { buttonTitles, shownEvents } from "./events";
import { useConversationCommands } from "./use-conversation-commands";

interface ConversationThreadProps {
  assistantId: string;
  conversation: ConversationDetail;
  events: readonly ConversationEvent[];
  loading: boolean;
  /** Id of the selected event. */
  chosen: number | undefined;
  onChoose: (event: number) => void;
  /** `count` is that of the list as far as it is known. */
  place: { index: number; count: string } | null;
  onNext: () => void;
  onMore?: () => void;
}

/** What was said and what changed, in order. */
export function ConversationThread(props: ConversationThreadProps) {
  const { conversation, events, loading, chosen, onChoose, place, onMore } = props;
  const { t, i18n } = useTranslation("conversations");
  const shown = useMemo(() => shownEvents(events), [events]);
  const titles = useMemo(() => buttonTitles(events), [events]);
  const facts = [
    formatMoment(new Date(conversation.started_at), new Date(), i18n.language),
    humanise(conversation.channel),
    ...(conversation.version_number === null
      ? []
      : [t("version", { number: conversation.version_number })]),
  ];
  useMessageKeys(shown, chosen, onChoose);
  return (
    <main className={classes["thread"]} id="main" tabIndex={-1} aria-label={t("conversation")}>
      <ThreadHead {...props} />
      <div className={classes["lines"]}>
        <p className={classes["facts"]}>{facts.join(", ")}</p>
        {loading ? (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        ) : null}
        {shown.map((event) => (
          <EventLine
            key={event.id}
            event={event}
            clicked={titles.get(event.text ?? "")}
            chosen={event.id === chosen}
            onChoose={() => onChoose(event.id)}
          />
        ))}
        {onMore ? (
          <Button variant="default" size="xs" onClick={onMore}>
            {t("later")}
          </Button>
        ) : null}
      </div>
      <div className={classes["threadFoot"]}>
        <span>
          <kbd>j</kbd> <kbd>k</kbd> {t("keys.neighbours")}
        </span>
        <span>
          <kbd>t</kbd> {t("keys.tag")}
        </span>
        <span>
          <kbd>r</kbd> {t("keys.reviewed")}
        </span>
        <span className={classes["grow"]} />
        {place ? <span>{t("place", place)}</span> : null}
      </div>
    </main>
  );
}

function useMessageKeys(
  shown: readonly ConversationEvent[],
  chosen: number | undefined,
  onChoose: (event: number) => void,
): void {
  const { t } = useTranslation("conversations");
  const move = (step: number) => {
    const index = shown.findIndex((event) => event.id === chosen);
    const next = index < 0 ? shown.at(step > 0 ? 0 : -1) : shown[index + step];
    if (next) onChoose(next.id);
  };
  useCommands([
    {
      id: "down",
      label: t("keys.down"),
      group: t("title"),
      keys: ["ArrowDown"],
      run: () => move(1),
    },
    { id: "up", label: t("keys.up"), group: t("title"), keys: ["ArrowUp"], run: () => move(-1) },
  ]);
}

function ThreadHead(props: ConversationThreadProps) {
  const { assistantId, conversation, events, chosen, onNext } = props;
  const { t } = useTranslation(["conversations", "common"]);
  const navigate = useNavigate();
  const commands = useConversationCommands(assistantId);
  const mayReview = usePermission("conversation.review");
  const mayDelete = usePermission("conversation.delete");
  const [asking, setAsking] = useState<"tag" | "delete" | null>(null);
  const tags = conversation.tags.map((tag) => tag.name);
  const reviewed = conversation.reviewed_at !== null;
  const review = () => {
    commands.review([conversation.id], !reviewed);
    if (!reviewed) onNext();
  };
  const saveAsTest = useSaveAsTest(assistantId);
  const mayEdit = usePermission("content.edit");
  const until = events.find(({ id }) => id === chosen)?.position;
  const saveTalk = () => void saveAsTest(() => tests.recordConversation(conversation.id, until));
  const copy = (text: string, said: string) =>
    void navigator.clipboard.writeText(text).then(() => toast.done(said));
  useCommands([
    ...(mayReview
      ? [
          { id: "review", label: t("markReviewed"), group: t("title"), keys: ["r"], run: review },
          {
            id: "tag",
            label: t("addTag"),
            group: t("title"),
            keys: ["t"],
            run: () => setAsking("tag"),
          },
        ]
      : []),
    ...(mayEdit
      ? [{ id: "save-test", label: t("saveAsTest"), group: t("title"), run: saveTalk }]
      : []),
    {
      id: "link",
      label: t("copyLink"),
      group: t("title"),
      keys: ["c"],
      run: () => copy(window.location.href, t("linkCopied")),
    },
  ]);
  return (
    <header className={classes["threadHead"]}>
      <code className={classes["id"]}>{conversation.sender_id.slice(0, 8)}</code>
      <IconButton
        label={t("copyId")}
        size={28}
        onClick={() => copy(conversation.sender_id, t("idCopied"))}
      >
        <IconCopy size={14} stroke={1.75} />
      </IconButton>
      {conversation.is_test ? (
        <StateBadge tone="neutral" icon={<IconFlask size={14} />}>
          {t("test")}
        </StateBadge>
      ) : null}
      <span className={classes["grow"]} />
      {tags.map((tag) => (
        <StateBadge key={tag} tone="accent" icon={<IconTag size={14} />}>
          {tag}
          {mayReview ? (
            <button
              type="button"
              className={classes["untag"]}
              aria-label={t("removeTag", { tag })}
              onClick={() =>
                commands.setTags(
                  conversation.id,
                  tags.filter((each) => each !== tag),
                )
              }
            >
              <IconX size={12} stroke={1.75} />
            </button>
          ) : null}
        </StateBadge>
      ))}
      {mayReview ? (
        <button type="button" className={classes["addTag"]} onClick={() => setAsking("tag")}>
          <IconPlus size={12} stroke={1.75} aria-hidden="true" />
          {t("tag")}
        </button>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label={t("common:more")} size={28}>
            <IconDots size={18} stroke={1.75} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => copy(window.location.href, t("linkCopied"))}>
            {t("copyLink")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTestPipe size={18} stroke={1.75} />}
            disabled={!mayEdit}
            onClick={saveTalk}
          >
            {t(until === undefined ? "saveAsTest" : "saveAsTestUntil")}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.75} />}
            disabled={!mayDelete}
            onClick={() => setAsking("delete")}
          >
            {t("common:delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {mayReview ? (
        <Button
          size="xs"
          variant={reviewed ? "default" : "filled"}
          leftSection={<IconCheck size={16} stroke={1.75} />}
          rightSection={<kbd className={classes["keyInButton"]}>r</kbd>}
          aria-pressed={reviewed}
          onClick={review}
        >
          {t("markReviewed")}
        </Button>
      ) : null}
      {asking === "tag" ? (
        <TagDialog
          onClose={() => setAsking(null)}
          onTag={(tag) => {
            commands.setTags(conversation.id, [...tags, tag]);
            setAsking(null);
          }}
        />
      ) : null}
      {asking === "delete" ? (
        <DeleteDialog
          count={1}
          onClose={() => setAsking(null)}
          onDelete={() => {
            commands.remove([conversation.id]);
            void navigate({
              to: "/assistants/$assistantId/conversations",
              params: { assistantId },
            });
          }}
        />
      ) : null}
    </header>
  );
}
