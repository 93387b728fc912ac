import type {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  CSSVariablesResolver,
  Input,
  Kbd,
  Menu,
  Modal,
  Popover,
  Radio,
  SegmentedControl,
  Select,
  Switch,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { createTheme } from "@mantine/core";
import controls from "./controls.module.css";

/** How a component of the library looks here. By its type alone: each page fetches the components that it shows. */
function look<Of extends { extend: (look: never) => unknown }>(
  made: Parameters<Of["extend"]>[0],
): Parameters<Of["extend"]>[0] {
  return made;
}

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: {
    teal: [
      "#E0F1F1",
      "#C2E4E3",
      "#9ADAD7",
      "#74D8D4",
      "#4FC7C4",
      "#2CA7A6",
      "#14888A",
      "#0A6E73",
      "#085A5F",
      "#06454A",
    ],
    // Mantine's own is too light below white words; these meet --err of both themes.
    red: [
      "#FDEAEA",
      "#FBD0CE",
      "#FAB5B2",
      "#FC9F9A",
      "#FF8A84",
      "#EC5F5B",
      "#D94343",
      "#C02B2B",
      "#A42323",
      "#861A1A",
    ],
  },
  white: "#FFFFFF",
  black: "#142023",
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1.125rem", xl: "1.625rem" },
  lineHeights: { xs: "1rem", sm: "1.25rem", md: "1.25rem", lg: "1.5rem", xl: "2rem" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "32px" },
  radius: { xs: "4px", sm: "8px", md: "10px", lg: "12px", xl: "999px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.625rem", lineHeight: "2rem" },
      h2: { fontSize: "1.125rem", lineHeight: "1.5rem" },
      h3: { fontSize: "0.875rem", lineHeight: "1.25rem" },
    },
  },
  components: {
    Button: look<typeof Button>({
      defaultProps: { size: "sm", variant: "filled" },
      classNames: { root: controls["button"] ?? "" },
    }),
    ActionIcon: look<typeof ActionIcon>({
      defaultProps: { variant: "subtle", size: 34, color: "gray" },
      classNames: { root: controls["actionIcon"] ?? "" },
    }),
    Badge: look<typeof Badge>({ classNames: { root: controls["badge"] ?? "" } }),
    Input: look<typeof Input>({ classNames: { input: controls["input"] ?? "" } }),
    InputWrapper: look<typeof Input.Wrapper>({
      classNames: {
        root: controls["field"] ?? "",
        label: controls["label"] ?? "",
        description: controls["hint"] ?? "",
        error: controls["error"] ?? "",
      },
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
    }),
    TextInput: look<typeof TextInput>({
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
    }),
    Textarea: look<typeof Textarea>({
      defaultProps: {
        autosize: true,
        minRows: 2,
        inputWrapperOrder: ["label", "input", "description", "error"],
      },
    }),
    Select: look<typeof Select>({
      defaultProps: {
        comboboxProps: { shadow: "md" },
        inputWrapperOrder: ["label", "input", "description", "error"],
      },
    }),
    SegmentedControl: look<typeof SegmentedControl>({
      classNames: {
        root: controls["segments"] ?? "",
        indicator: controls["segmentIndicator"] ?? "",
        label: controls["segmentLabel"] ?? "",
        control: controls["segment"] ?? "",
      },
    }),
    Tabs: look<typeof Tabs>({
      classNames: { list: controls["tabList"] ?? "", tab: controls["tab"] ?? "" },
    }),
    Switch: look<typeof Switch>({
      defaultProps: { withThumbIndicator: false },
      classNames: { track: controls["switchTrack"] ?? "", thumb: controls["switchThumb"] ?? "" },
    }),
    Checkbox: look<typeof Checkbox>({
      defaultProps: { size: "1.125rem" },
      classNames: {
        input: controls["checkbox"] ?? "",
        icon: controls["checkboxIcon"] ?? "",
        label: controls["checkboxLabel"] ?? "",
      },
    }),
    Radio: look<typeof Radio>({
      classNames: {
        radio: controls["radio"] ?? "",
        icon: controls["radioIcon"] ?? "",
        label: controls["checkboxLabel"] ?? "",
      },
    }),
    Kbd: look<typeof Kbd>({ defaultProps: { size: "xs" } }),
    Menu: look<typeof Menu>({
      defaultProps: { shadow: "md", transitionProps: { duration: 120 } },
      classNames: {
        dropdown: controls["popover"] ?? "",
        item: controls["menuItem"] ?? "",
        label: controls["menuLabel"] ?? "",
      },
    }),
    Popover: look<typeof Popover>({
      defaultProps: { shadow: "md", transitionProps: { duration: 120 } },
      classNames: { dropdown: controls["popover"] ?? "" },
    }),
    Modal: look<typeof Modal>({
      defaultProps: { radius: "lg", centered: true, transitionProps: { duration: 120 } },
      classNames: {
        title: controls["modalTitle"] ?? "",
        content: controls["modal"] ?? "",
        header: controls["modal"] ?? "",
      },
    }),
    Tooltip: look<typeof Tooltip>({
      defaultProps: {
        openDelay: 400,
        transitionProps: { duration: 0 },
        events: { hover: true, focus: true, touch: false },
      },
      classNames: { tooltip: controls["tooltip"] ?? "" },
    }),
  },
});

/** Points Mantine's own variables at the tokens, so that there is one palette. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const variables = {
    "--mantine-color-body": "var(--bg)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--text-3)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--sunken)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--border)",
    "--mantine-color-placeholder": "var(--text-3)",
    "--mantine-color-error": "var(--err)",
    "--mantine-color-anchor": "var(--accent-text)",
    "--mantine-color-teal-filled": "var(--accent)",
    "--mantine-color-teal-filled-hover": "var(--accent-hover)",
    "--mantine-color-teal-light": "var(--accent-soft)",
    "--mantine-color-teal-light-hover": "var(--accent-soft)",
    "--mantine-color-teal-light-color": "var(--accent-text)",
    "--mantine-color-gray-light-color": "var(--text-2)",
    "--mantine-color-gray-light-hover": "var(--sunken)",
    "--mantine-color-gray-text": "var(--text-2)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
    "--mantine-shadow-xs": "var(--shadow-xs)",
    "--mantine-shadow-md": "var(--shadow-md)",
  };
  return { variables: {}, light: variables, dark: variables };
};
