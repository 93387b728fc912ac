import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { type Account, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";

export function nameOf(account: Pick<Account, "name" | "username">): string {
  return account.name || account.username;
}

/** What the menu of a person does at once; a refusal is said in the server's words, with the page of Keycloak that mends it. */
export function usePeopleCommands(account: Account) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const name = nameOf(account);
  const onPage = (url: string) => ({
    action: { label: t("done.openPage"), run: () => window.open(url, "_blank", "noreferrer") },
  });
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      await client.invalidateQueries({ queryKey: ["users", "list"] });
    } catch (error) {
      const url = isApiError(error) ? error.extras["console_url"] : undefined;
      const message = error instanceof Error ? error.message : String(error);
      toast.failed(message, typeof url === "string" ? onPage(url) : {});
    }
  };
  return {
    signOut: () =>
      void attempt(async () => {
        await people.signOut(account.id);
        toast.done(t("done.signedOut", { name }));
      }),
    setActive: () =>
      void attempt(async () => {
        await people.change(account.id, { is_active: !account.is_active });
        toast.done(t(account.is_active ? "done.off" : "done.on", { name }));
      }),
    invite: () =>
      void attempt(async () => {
        const { sent, console_url } = await people.invite(account.id);
        if (sent) toast.done(t("done.invited", { name }));
        else toast.done(t("done.noMail"), onPage(console_url));
      }),
  };
}
