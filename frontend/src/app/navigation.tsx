import { Menu, UnstyledButton } from "@mantine/core";
import {
  type Icon,
  IconBulb,
  IconChecklist,
  IconDatabase,
  IconFolder,
  IconHelp,
  IconHistory,
  IconHome,
  IconInbox,
  IconMessageChatbot,
  IconMessageLanguage,
  IconPackages,
  IconRoute,
  IconSearch,
  IconSelector,
  IconSettings,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, useMatchRoute } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { MenuItemLink } from "@/components/links";
import { Logo } from "@/components/logo";
import { openKeysDialog } from "./keys-dialog";
import classes from "./navigation.module.css";
import { openPalette } from "./palette-state";
import { UserMenu } from "./user-menu";

type PlaceName =
  | "flows"
  | "responses"
  | "translations"
  | "slots"
  | "understanding"
  | "files"
  | "history"
  | "tryIt"
  | "tests"
  | "versions"
  | "conversations";

interface Place {
  name: PlaceName;
  icon: Icon;
  to: NonNullable<LinkProps["to"]>;
  /** The letter after `g`. */
  key: string;
  /** A page below it, which has no entry of its own. */
  below?: { name: PlaceName; to: NonNullable<LinkProps["to"]>; key: string };
}

interface PlaceGroup {
  name: "build" | "test" | "learn";
  places: readonly Place[];
}

/** The pages of an assistant, in the order of the work. A new page adds one line here and a route. */
export const PLACES: readonly PlaceGroup[] = [
  {
    name: "build",
    places: [
      { name: "flows", icon: IconRoute, to: "/assistants/$assistantId/flows", key: "f" },
      {
        name: "responses",
        icon: IconMessageLanguage,
        to: "/assistants/$assistantId/responses",
        key: "r",
        below: {
          name: "translations",
          to: "/assistants/$assistantId/translations",
          key: "n",
        },
      },
      { name: "slots", icon: IconDatabase, to: "/assistants/$assistantId/slots", key: "s" },
      {
        name: "understanding",
        icon: IconBulb,
        to: "/assistants/$assistantId/understanding",
        key: "u",
      },
      { name: "files", icon: IconFolder, to: "/assistants/$assistantId/files", key: "l" },
      { name: "history", icon: IconHistory, to: "/assistants/$assistantId/history", key: "y" },
    ],
  },
  {
    name: "test",
    places: [
      { name: "tryIt", icon: IconMessageChatbot, to: "/assistants/$assistantId/try", key: "t" },
      { name: "tests", icon: IconChecklist, to: "/assistants/$assistantId/tests", key: "e" },
      { name: "versions", icon: IconPackages, to: "/assistants/$assistantId/versions", key: "v" },
    ],
  },
  {
    name: "learn",
    places: [
      {
        name: "conversations",
        icon: IconInbox,
        to: "/assistants/$assistantId/conversations",
        key: "c",
      },
    ],
  },
];

/** With those that have no entry of their own. */
export const ALL_PLACES = PLACES.flatMap(({ places }) =>
  places.flatMap((place) => [place, ...(place.below ? [place.below] : [])]),
);

interface NavigationProps {
  assistant: Assistant | null;
  rail: boolean;
}

export function Navigation({ assistant, rail }: NavigationProps) {
  const { t } = useTranslation("shell");
  const mayManage = usePermission("user.manage");
  return (
    <nav className={classes["nav"]} data-rail={rail} aria-label={t("main")}>
      <AssistantSwitcher assistant={assistant} rail={rail} />
      {rail ? (
        <RailButton icon={IconSearch} label={t("search")} onClick={openPalette} />
      ) : (
        <UnstyledButton className={classes["search"]} onClick={openPalette}>
          <IconSearch size={16} stroke={1.75} aria-hidden="true" />
          <span className={classes["grow"]}>{t("search")}</span>
          <kbd>Ctrl K</kbd>
        </UnstyledButton>
      )}
      <NavLink
        icon={IconHome}
        label={t("home")}
        rail={rail}
        link={{ to: "/", activeOptions: { exact: true } }}
      />
      {assistant
        ? PLACES.map((group) => (
            <Fragment key={group.name}>
              {rail ? <hr /> : <div className={classes["group"]}>{t(`groups.${group.name}`)}</div>}
              {group.places.map((place) => (
                <NavLink
                  key={place.name}
                  icon={place.icon}
                  label={t(place.name)}
                  rail={rail}
                  link={{ to: place.to, params: { assistantId: assistant.id } }}
                  {...(place.below ? { below: place.below.to } : {})}
                />
              ))}
            </Fragment>
          ))
        : null}
      <div className={classes["grow"]} />
      {assistant ? (
        <NavLink
          icon={IconSettings}
          label={t("settings")}
          rail={rail}
          link={{ to: "/assistants/$assistantId/settings", params: { assistantId: assistant.id } }}
        />
      ) : mayManage ? (
        <NavLink icon={IconSettings} label={t("settings")} rail={rail} link={{ to: "/settings" }} />
      ) : null}
      {rail ? (
        <RailButton icon={IconHelp} label={t("help")} onClick={openKeysDialog} />
      ) : (
        <UnstyledButton className={classes["item"]} onClick={openKeysDialog}>
          <IconHelp size={20} stroke={1.75} aria-hidden="true" />
          <span className={classes["grow"]}>{t("help")}</span>
          <kbd>?</kbd>
        </UnstyledButton>
      )}
      <UserMenu rail={rail} />
    </nav>
  );
}

interface NavLinkProps {
  icon: Icon;
  label: string;
  rail: boolean;
  link: LinkProps;
  below?: NonNullable<LinkProps["to"]>;
}

function NavLink({ icon: PlaceIcon, label, rail, link, below }: NavLinkProps) {
  const isAt = useMatchRoute();
  const inside = below !== undefined && isAt({ to: below }) !== false;
  return (
    <Link
      {...link}
      className={classes["item"]}
      {...(inside ? { "data-active": true } : {})}
      activeProps={{ "aria-current": "page", "data-active": true }}
      {...(rail ? { "aria-label": label, title: label } : {})}
    >
      <PlaceIcon size={20} stroke={1.75} aria-hidden="true" />
      {rail ? null : <span>{label}</span>}
    </Link>
  );
}

function RailButton({
  icon: ButtonIcon,
  label,
  onClick,
}: {
  icon: Icon;
  label: string;
  onClick: () => void;
}) {
  return (
    <UnstyledButton className={classes["item"]} aria-label={label} title={label} onClick={onClick}>
      <ButtonIcon size={20} stroke={1.75} aria-hidden="true" />
    </UnstyledButton>
  );
}

function AssistantSwitcher({ assistant, rail }: NavigationProps) {
  const { t } = useTranslation("shell");
  const assistants = useQuery(assistantsQuery());
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes["switch"]}
          {...(rail ? { "aria-label": t("switchAssistant"), title: t("switchAssistant") } : {})}
        >
          <Logo />
          {rail ? null : (
            <>
              <span className={classes["names"]}>
                <span className="visually-hidden">{t("switchAssistant")}: </span>
                <b>{assistant?.name ?? t("studio")}</b>
                <small>{assistant ? t("studio") : t("allAssistants")}</small>
              </span>
              <IconSelector size={16} stroke={1.75} aria-hidden="true" />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {assistants.data?.results.map((each) => (
          <MenuItemLink
            key={each.id}
            to="/assistants/$assistantId/flows"
            params={{ assistantId: each.id }}
            aria-current={each.id === assistant?.id}
          >
            {each.name}
          </MenuItemLink>
        ))}
        {assistants.data?.results.length ? <Menu.Divider /> : null}
        <MenuItemLink to="/">{t("allAssistants")}</MenuItemLink>
      </Menu.Dropdown>
    </Menu>
  );
}
