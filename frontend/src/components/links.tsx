import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Attributes<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

/** Mantine's looks on the router's typed links. */
export const AnchorLink = createLink((props: Attributes<AnchorProps>) => <Anchor {...props} />);

export const ButtonLink = createLink((props: Attributes<ButtonProps>) => (
  <Button component="a" {...props} />
));

/** An icon alone: its name is its `aria-label`. */
export const IconLink = createLink((props: Attributes<ActionIconProps>) => (
  <ActionIcon component="a" {...props} />
));

export const MenuItemLink = createLink((props: Attributes<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
));
