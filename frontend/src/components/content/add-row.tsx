import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useContent } from "./content-context";

/** "+ Another one" below a list; gone for those who may only look. */
export function AddRow({ label, onClick }: { label: string; onClick: () => void }) {
  const { readOnly } = useContent();
  if (readOnly) return null;
  return (
    <div>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        leftSection={<IconPlus size={14} stroke={1.75} />}
        onClick={onClick}
      >
        {label}
      </Button>
    </div>
  );
}
