export function ChatDock(_props: { assistantId: string; onClose: () => void }) {
  return null;
}
