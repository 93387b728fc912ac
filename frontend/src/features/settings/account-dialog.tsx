import { Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { RoleChoice } from "./roles-dialog";

const EMPTY = { username: "", name: "", email: "", password: "" };
const FIELDS = ["username", "name", "email"] as const;

/** Adds a person of the embedded sign-in. */
export function AccountDialog({ roles, onClose }: { roles: string[]; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const [texts, setTexts] = useState(EMPTY);
  const [chosen, setChosen] = useState<string[]>([]);
  const [temporary, setTemporary] = useState(true);
  const create = useMutation({
    mutationFn: () => people.create({ ...texts, temporary_password: temporary, roles: chosen }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["users", "list"] });
      toast.done(t("account.created", { name: texts.name || texts.username }));
      onClose();
    },
  });
  const wrong = isApiError(create.error) ? create.error.errors : [];
  const problemOf = (field: string) => wrong.find((each) => each.field === field)?.message;
  const set = (field: keyof typeof EMPTY, value: string) =>
    setTexts((previous) => ({ ...previous, [field]: value }));
  return (
    <FormDialog
      title={t("account.title")}
      submit={t("account.create")}
      busy={create.isPending}
      error={wrong.length === 0 ? create.error?.message : undefined}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      {FIELDS.map((field) => (
        <TextInput
          key={field}
          label={t(`account.${field}`)}
          autoComplete="off"
          value={texts[field]}
          onChange={(event) => set(field, event.currentTarget.value)}
          error={problemOf(field)}
          required={field === "username"}
          withAsterisk={false}
          data-autofocus={field === "username" || undefined}
        />
      ))}
      <PasswordInput
        label={t("account.password")}
        description={t("account.passwordHint")}
        autoComplete="new-password"
        value={texts.password}
        onChange={(event) => set("password", event.currentTarget.value)}
        error={problemOf("password")}
        required
        withAsterisk={false}
      />
      <Checkbox
        label={t("account.temporary")}
        checked={temporary}
        onChange={(event) => setTemporary(event.currentTarget.checked)}
      />
      <RoleChoice roles={roles} chosen={chosen} onChange={setChosen} />
    </FormDialog>
  );
}
