import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Account, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { nameOf } from "./use-people-commands";

export function DeletePersonDialog({
  account,
  onClose,
}: {
  account: Account;
  onClose: () => void;
}) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const name = nameOf(account);
  const remove = useMutation({
    mutationFn: () => people.delete(account.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["users", "list"] });
      toast.done(t("deletePerson.done", { name }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("deletePerson.title", { name })}
      submit={t("deletePerson.submit")}
      dangerous
      busy={remove.isPending}
      error={remove.error?.message}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{t("deletePerson.sentence")}</p>
    </FormDialog>
  );
}
