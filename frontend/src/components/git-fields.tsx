import { PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type GitPlace, gitHostsQuery } from "@/api/imports";
import classes from "./git-fields.module.css";

export const NO_PLACE: GitPlace = { address: "", branch: "", folder: "", token: "" };

interface GitFieldsProps {
  value: GitPlace;
  onChange: (value: GitPlace) => void;
}

/** Which folder of which branch of which repository; or that no host is allowed here. */
export function GitFields({ value, onChange }: GitFieldsProps) {
  const { t } = useTranslation("import");
  const hosts = useQuery(gitHostsQuery).data?.hosts;
  if (hosts?.length === 0) return <p className={classes["none"]}>{t("git.none")}</p>;
  const field = (name: keyof GitPlace) => ({
    label: t(`git.${name}`),
    value: value[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...value, [name]: event.currentTarget.value }),
    // Not something that a browser should keep or correct.
    autoComplete: "off",
    spellCheck: false,
  });
  return (
    <div className={classes["fields"]}>
      <TextInput
        {...field("address")}
        className={classes["address"]}
        description={hosts ? t("git.hosts", { hosts: hosts.join(", ") }) : " "}
        placeholder="https://git.example.org/team/bank"
        required
      />
      <TextInput {...field("branch")} placeholder={t("git.first")} />
      <TextInput {...field("folder")} placeholder={t("git.whole")} />
      <PasswordInput
        {...field("token")}
        className={classes["address"]}
        description={t("git.tokenText")}
        visibilityToggleButtonProps={{ "aria-label": t("git.show") }}
      />
    </div>
  );
}

/** Whether anything can be fetched at all. */
export function useGitAllowed(): boolean {
  return (useQuery(gitHostsQuery).data?.hosts.length ?? 0) > 0;
}
