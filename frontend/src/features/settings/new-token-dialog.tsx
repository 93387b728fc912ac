import { Button, Checkbox, Group, Modal, Select, TextInput } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { type Scope, tokenOptionsQuery, tokens, tokensQuery } from "@/api/tokens";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import classes from "./settings.module.css";

const LIVES = [7, 30, 90, 365] as const;
const NEVER = "never";

/** Makes an access token, then shows it, once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  return made ? (
    <MadeToken name={made.name} token={made.token} onClose={onClose} />
  ) : (
    <TokenForm onMade={setMade} onClose={onClose} />
  );
}

interface TokenFormProps {
  onMade: (made: { name: string; token: string }) => void;
  onClose: () => void;
}

function TokenForm({ onMade, onClose }: TokenFormProps) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const options = useQuery(tokenOptionsQuery);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [chosenLife, setLife] = useState<string | null>(null);
  const life = chosenLife ?? String(options.data?.default_days ?? "");
  const make = useMutation({
    mutationFn: () =>
      tokens.make({
        name: name.trim(),
        scopes: scopes as Scope[],
        expires_in_days: life === NEVER ? null : Number(life),
      }),
    onSuccess: async (answer) => {
      onMade(answer);
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey, exact: true });
    },
  });
  const refused = isApiError(make.error) ? make.error : null;
  const ofName =
    refused?.code === "name_taken"
      ? refused.message
      : refused?.errors.find((each) => each.field === "name")?.message;
  return (
    <FormDialog
      title={t("tokens.make")}
      submit={t("tokens.makeIt")}
      busy={make.isPending}
      disabled={!name.trim() || scopes.length === 0 || !options.data}
      error={ofName ? undefined : (make.error ?? options.error)?.message}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={t("tokens.name")}
        description={t("tokens.nameHint")}
        autoComplete="off"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={ofName}
        data-autofocus
      />
      <Checkbox.Group
        label={t("tokens.mayDo")}
        description={t("tokens.mayDoHint")}
        value={scopes}
        onChange={setScopes}
      >
        <div className={classes["scopes"]}>
          {options.data?.scopes.map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              classNames={{ description: classes["entryHint"] ?? "" }}
              label={t(`tokens.scopes.${scope}.name`)}
              description={t(`tokens.scopes.${scope}.sentence`)}
            />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label={t("tokens.life")}
        data={livesOf(options.data?.max_days, options.data?.default_days).map((value) => ({
          value,
          label: value === NEVER ? t("tokens.never") : t("tokens.days", { count: Number(value) }),
        }))}
        value={life}
        onChange={setLife}
        allowDeselect={false}
      />
    </FormDialog>
  );
}

/** What may be chosen: the usual lives up to the longest, and none where the server allows that. */
function livesOf(longest: number | null | undefined, usual = 0): string[] {
  const days = LIVES.filter((life) => !longest || life <= longest);
  const all = [...new Set([...days, usual, longest ?? usual])].filter(Boolean);
  return [
    ...all.sort((one, other) => one - other).map(String),
    ...(longest === null ? [NEVER] : []),
  ];
}

interface MadeTokenProps {
  name: string;
  token: string;
  onClose: () => void;
}

/** It is gone for good when this closes, so that takes one of its buttons. */
function MadeToken({ name, token, onClose }: MadeTokenProps) {
  const { t } = useTranslation(["settings", "common"]);
  const copy = () =>
    navigator.clipboard.writeText(token).then(
      () => toast.done(t("tokens.copied")),
      () => toast.failed(t("tokens.notCopied")),
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("tokens.madeTitle", { name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <TextInput
        label={t("tokens.token")}
        description={t("tokens.onlyNow")}
        className={classes["token"]}
        value={token}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <Group justify="flex-end" gap={8} mt={20}>
        <Button
          variant="default"
          leftSection={<IconCopy size={18} stroke={1.75} />}
          onClick={() => void copy()}
        >
          {t("tokens.copy")}
        </Button>
        <Button onClick={onClose}>{t("tokens.done")}</Button>
      </Group>
    </Modal>
  );
}
