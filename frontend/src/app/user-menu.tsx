import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconKey, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { signOut } from "@/api/session";
import { toast } from "@/components/feedback/toast";
import { MenuItemLink } from "@/components/links";
import { PersonAvatar } from "@/components/person-avatar";
import { chooseLanguage } from "@/i18n/i18n";
import { LANGUAGES, type Language } from "@/i18n/language";
import classes from "./navigation.module.css";

const THEMES = ["light", "dark", "auto"] as const;
type Theme = (typeof THEMES)[number];

export function UserMenu({ rail }: { rail: boolean }) {
  const { t, i18n } = useTranslation("shell");
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position={rail ? "right-end" : "top-start"} width={220}>
      <Menu.Target>
        <UnstyledButton className={classes["item"]} aria-label={`${t("account")}: ${me.name}`}>
          <PersonAvatar person={me} />
          {rail ? null : <span>{me.name}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("theme.title")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(theme) => setColorScheme(theme as Theme)}>
          {THEMES.map((theme) => (
            <Menu.RadioItem key={theme} value={theme} closeMenuOnClick>
              {t(`theme.${theme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{t("language")}</Menu.Label>
        <Menu.RadioGroup
          value={i18n.language}
          onChange={(language) => void chooseLanguage(language as Language).catch(toast.refused)}
        >
          {Object.entries(LANGUAGES).map(([language, name]) => (
            <Menu.RadioItem key={language} value={language} lang={language} closeMenuOnClick>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <MenuItemLink
          to="/settings/account"
          leftSection={<IconUserCircle size={18} stroke={1.75} />}
        >
          {t("ownAccount")}
        </MenuItemLink>
        <MenuItemLink to="/settings/tokens" leftSection={<IconKey size={18} stroke={1.75} />}>
          {t("accessTokens")}
        </MenuItemLink>
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.75} />}
          onClick={() => void signOut()}
        >
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
