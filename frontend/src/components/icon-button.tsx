import { ActionIcon, type ActionIconProps, Tooltip } from "@mantine/core";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";

interface IconButtonProps
  extends ActionIconProps,
    Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ActionIconProps> {
  /** Name for screen readers and the tooltip. */
  label: string;
  /** The key that does the same, shown in the tooltip. */
  keyHint?: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** An icon alone always says its name, to eyes as a tooltip and to screen readers as its label. */
export function IconButton({ label, keyHint, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={keyHint ? `${label}  ${keyHint}` : label}>
      <ActionIcon aria-label={label} {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
