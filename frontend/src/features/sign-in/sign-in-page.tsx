import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Logo } from "@/components/logo";
import { authenticate } from "./authenticate";
import classes from "./sign-in-page.module.css";

export function SignInPage() {
  const { t } = useTranslation("sign-in");
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await authenticate(String(form.get("username")), String(form.get("password")));
    setBusy(false);
    if (answer.kind === "done") window.location.assign(answer.address);
    else if (answer.kind === "wait") setMessage(t("wait", { seconds: answer.seconds }));
    else setMessage(t(answer.kind));
  };
  return (
    <main className={classes["page"]}>
      <form className={classes["form"]} onSubmit={(event) => void onSubmit(event)}>
        <Logo size={40} />
        <h1>{t("title")}</h1>
        {message ? <p role="alert">{message}</p> : null}
        <TextInput
          size="md"
          name="username"
          label={t("username")}
          autoComplete="username"
          autoFocus
        />
        <PasswordInput
          size="md"
          name="password"
          label={t("password")}
          autoComplete="current-password"
        />
        <Button size="md" type="submit" loading={busy}>
          {t("button")}
        </Button>
      </form>
    </main>
  );
}
