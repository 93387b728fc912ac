import {
  Button,
  Checkbox,
  PasswordInput,
  TextInput,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconAlertCircle,
  IconDeviceDesktop,
  IconKey,
  IconMoon,
  IconSun,
  IconWorld,
} from "@tabler/icons-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Logo } from "@/components/logo";
import { chooseLanguage } from "@/i18n/i18n";
import type { Language } from "@/i18n/language";
import { authenticate, type Provider, signInOptions } from "./authenticate";
import { SignInDrawing } from "./sign-in-drawing";
import classes from "./sign-in-page.module.css";

/** The page of the embedded identity provider; at its right a flow, drawn as the product draws it. */
export function SignInPage() {
  const { t } = useTranslation("sign-in");
  useEffect(() => {
    document.title = `${t("button")} - Studio`;
  }, [t]);
  return (
    <div className={classes["page"]}>
      <main className={classes["left"]}>
        <div className={classes["brand"]}>
          <Logo />
          <b>Studio</b>
        </div>
        <SignInForm />
        <div className={classes["foot"]}>
          <LanguageButton />
          <ThemeButton />
        </div>
      </main>
      <aside className={classes["right"]} aria-hidden="true">
        <SignInDrawing />
        <div className={classes["words"]}>
          <p className={classes["slogan"]}>{t("slogan")}</p>
          <p className={classes["quiet"]}>{t("sloganSentence")}</p>
        </div>
      </aside>
    </div>
  );
}

function SignInForm() {
  const { t } = useTranslation("sign-in");
  const { message, busy, submit, password, choosing } = useSignIn();
  const [forgot, setForgot] = useState(false);
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    void signInOptions().then((options) => setProviders(options.providers));
  }, []);
  return (
    <form className={classes["form"]} onSubmit={(event) => void submit(event)}>
      <div>
        <h1>{t(choosing ? "choose.title" : "title")}</h1>
        <p className={classes["quiet"]}>{t(choosing ? "choose.sentence" : "sentence")}</p>
      </div>
      {message ? (
        <p className={classes["message"]} role="alert">
          <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
          {message}
        </p>
      ) : null}
      <TextInput
        size="md"
        name="username"
        label={t("username")}
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
      />
      <div className={classes["password"]}>
        <PasswordInput
          size="md"
          name="password"
          ref={password}
          label={t("password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <UnstyledButton
          className={classes["forgot"]}
          aria-expanded={forgot}
          onClick={() => setForgot(!forgot)}
        >
          {t("forgot")}
        </UnstyledButton>
        {forgot ? <p className={classes["hint"]}>{t("forgotAnswer")}</p> : null}
      </div>
      {choosing ? (
        <PasswordInput
          size="md"
          name="new_password"
          label={t("choose.password")}
          description={t("choose.hint")}
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
      ) : null}
      <Checkbox name="remember" defaultChecked label={t("remember")} />
      <Button size="md" type="submit" fullWidth loading={busy}>
        {t("button")}
      </Button>
      {providers.length > 0 ? <div className={classes["or"]}>{t("or")}</div> : null}
      {providers.map((provider) => (
        <Button
          key={provider.url}
          component="a"
          href={provider.url}
          size="md"
          variant="default"
          fullWidth
          leftSection={<IconKey size={18} stroke={1.75} />}
        >
          {t("continueWith", { name: provider.name })}
        </Button>
      ))}
    </form>
  );
}

/** Sends the form; counts down while the server asks to wait; selects the password after a slip. */
function useSignIn() {
  const { t } = useTranslation("sign-in");
  const [failure, setFailure] = useState<"wrong" | "failed" | null>(null);
  const [refused, setRefused] = useState("");
  const [choosing, setChoosing] = useState(false);
  const [wait, setWait] = useState(0);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await authenticate({
      username: String(form.get("username")),
      password: String(form.get("password")),
      new_password: String(form.get("new_password") ?? ""),
      remember: form.get("remember") !== null,
    });
    if (answer.kind === "done") {
      window.location.assign(answer.address);
      return;
    }
    setBusy(false);
    if (answer.kind === "temporary") setChoosing(true);
    setFailure(answer.kind === "wrong" || answer.kind === "failed" ? answer.kind : null);
    setRefused(answer.kind === "refused" ? answer.message : "");
    setWait(answer.kind === "wait" ? answer.seconds : 0);
    if (!choosing && answer.kind !== "temporary") password.current?.select();
  };
  const message = wait > 0 ? t("wait", { count: wait }) : failure ? t(failure) : refused;
  return { message, busy, submit, password, choosing };
}

const NEXT_LANGUAGE = { en: "de", de: "en" } as const;

function LanguageButton() {
  const { t, i18n } = useTranslation("sign-in");
  return (
    <UnstyledButton
      className={classes["footItem"]}
      onClick={() => void chooseLanguage(NEXT_LANGUAGE[i18n.language as Language])}
    >
      <IconWorld size={16} stroke={1.75} aria-hidden="true" />
      {t("language")}
    </UnstyledButton>
  );
}

const NEXT_THEME = { auto: "light", light: "dark", dark: "auto" } as const;
const THEME_ICON = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

function ThemeButton() {
  const { t } = useTranslation("sign-in");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = THEME_ICON[colorScheme];
  return (
    <UnstyledButton
      className={classes["footItem"]}
      onClick={() => setColorScheme(NEXT_THEME[colorScheme])}
    >
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {t(`theme.${colorScheme}`)}
    </UnstyledButton>
  );
}
