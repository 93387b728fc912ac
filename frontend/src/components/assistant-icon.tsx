import {
  type Icon,
  IconBuildingBank,
  IconCalendarEvent,
  IconCreditCard,
  IconDeviceMobile,
  IconMessageChatbot,
  IconPhone,
  IconRouter,
  IconShoppingCart,
} from "@tabler/icons-react";

/** Icons that an assistant may carry, by the name that is stored with it. */
const SHAPES = {
  "building-bank": IconBuildingBank,
  "calendar-event": IconCalendarEvent,
  "credit-card": IconCreditCard,
  "device-mobile": IconDeviceMobile,
  phone: IconPhone,
  router: IconRouter,
  "shopping-cart": IconShoppingCart,
} satisfies Record<string, Icon>;

export type AssistantIconName = keyof typeof SHAPES;

export function AssistantIcon({ name, size = 20 }: { name: string; size?: number }) {
  const Shape = Object.hasOwn(SHAPES, name)
    ? SHAPES[name as AssistantIconName]
    : IconMessageChatbot;
  return <Shape size={size} stroke={1.75} aria-hidden="true" />;
}

const TINTS = ["message", "collect", "action", "set-slots", "call", "link"] as const;

/** One tint per assistant, the same everywhere and always. */
export function assistantTint(id: string): string {
  let sum = 0;
  for (const character of id) sum += character.codePointAt(0) ?? 0;
  return `var(--kind-${TINTS[sum % TINTS.length] ?? "message"})`;
}

export const ASSISTANT_ICONS = Object.keys(SHAPES) as AssistantIconName[];
