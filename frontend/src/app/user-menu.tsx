import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconKey, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { signOut } from "@/api/session";
import { MenuItemLink } from "@/components/links";
import { PersonAvatar } from "@/components/person-avatar";
import classes from "./navigation.module.css";

const THEMES = ["light", "dark", "auto"] as const;

export function UserMenu({ rail }: { rail: boolean }) {
  const { t } = useTranslation("shell");
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chosen = <IconCheck size={16} stroke={1.75} />;
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
        {THEMES.map((theme) => (
          <Menu.Item
            key={theme}
            role="menuitemradio"
            aria-checked={colorScheme === theme}
            rightSection={colorScheme === theme ? chosen : null}
            onClick={() => setColorScheme(theme)}
          >
            {t(`theme.${theme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("language")}</Menu.Label>
        <Menu.Item role="menuitemradio" aria-checked rightSection={chosen}>
          {t("english")}
        </Menu.Item>
        <Menu.Divider />
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
