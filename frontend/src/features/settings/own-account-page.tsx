import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { type OwnAccount, ownAccount, ownAccountQuery } from "@/api/own-account";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { Page } from "@/components/layout/page-frame";
import { RoleList } from "./role-list";
import classes from "./sections.module.css";
import { SettingsPage } from "./settings-page";

const NAME_LENGTH = 200;

/** One's own name, password and roles; with Keycloak, the way to the page that keeps them. */
export function OwnAccountPage() {
  const { t } = useTranslation("settings");
  const { data: account, error, refetch } = useQuery(ownAccountQuery);
  return (
    <SettingsPage name="account">
      <Page title={t("own.title")} sentence={t("own.sentence")}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {account ? <Sections account={account} /> : null}
        {error || account ? null : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}

function Sections({ account }: { account: OwnAccount }) {
  const { t } = useTranslation("settings");
  const elsewhere = account.account_url !== "";
  return (
    <>
      <section className={classes["card"]}>
        <OwnName account={account} />
        <TextInput label={t("own.username")} value={account.username} readOnly />
        {account.email ? <TextInput label={t("own.email")} value={account.email} readOnly /> : null}
        {elsewhere ? <InKeycloak url={account.account_url} /> : null}
      </section>
      {elsewhere ? null : <OwnPassword />}
      <section className={classes["card"]}>
        <h2 className={classes["heading"]}>{t("own.roles")}</h2>
        <RoleList roles={account.roles} />
      </section>
    </>
  );
}

/** Saved when it is left, and by Enter; Escape takes back what was typed. */
function OwnName({ account }: { account: OwnAccount }) {
  const { t } = useTranslation("settings");
  const [name, setName] = useState(account.name);
  useEffect(() => setName(account.name), [account.name]);
  const save = useMutation({
    mutationFn: async ({ wanted, before }: { wanted: string; before: string }) => {
      await ownAccount.rename(wanted);
      const undo = () => void ownAccount.rename(before).catch(toast.refused);
      toast.done(t("own.nameSaved"), { about: "own name", undo });
    },
  });
  const leave = () => {
    const wanted = name.trim();
    if (wanted !== account.name) save.mutate({ wanted, before: account.name });
  };
  return (
    <TextInput
      label={t("own.name")}
      description={t("own.nameHint")}
      value={name}
      readOnly={account.account_url !== ""}
      maxLength={NAME_LENGTH}
      autoComplete="name"
      error={save.error?.message}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Enter") leave();
        if (event.key === "Escape") setName(account.name);
      }}
    />
  );
}

function InKeycloak({ url }: { url: string }) {
  const { t } = useTranslation("settings");
  return (
    <div>
      <p className={classes["hint"]}>{t("own.elsewhere")}</p>
      <Button
        component="a"
        href={url}
        variant="default"
        target="_blank"
        rel="noreferrer"
        rightSection={<IconExternalLink size={18} stroke={1.75} />}
      >
        {t("own.openAccount")}
      </Button>
    </div>
  );
}

function OwnPassword() {
  const { t } = useTranslation("settings");
  const [present, setPresent] = useState("");
  const [wanted, setWanted] = useState("");
  const save = useMutation({
    mutationFn: () => ownAccount.changePassword(present, wanted),
    onSuccess: () => {
      setPresent("");
      setWanted("");
      toast.done(t("own.passwordSaved"));
    },
  });
  const wrongPresent =
    isApiError(save.error) && save.error.errors.some((each) => each.field === "password");
  const refused = save.error?.message;
  return (
    <form
      className={classes["card"]}
      aria-label={t("own.password")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2 className={classes["heading"]}>{t("own.password")}</h2>
      <PasswordInput
        label={t("own.present")}
        autoComplete="current-password"
        value={present}
        error={wrongPresent ? refused : undefined}
        onChange={(event) => setPresent(event.currentTarget.value)}
      />
      <PasswordInput
        label={t("own.new")}
        description={t("own.newHint")}
        autoComplete="new-password"
        value={wanted}
        error={wrongPresent ? undefined : refused}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={save.isPending} disabled={!present || !wanted}>
          {t("own.change")}
        </Button>
      </div>
    </form>
  );
}
