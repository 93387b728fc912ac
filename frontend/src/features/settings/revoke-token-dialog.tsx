import { Button, Group, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type PersonalToken, tokens, tokensQuery } from "@/api/tokens";
import { toast } from "@/components/feedback/toast";

interface RevokeTokenDialogProps {
  token: PersonalToken;
  onClose: () => void;
}

/** A revoked token does not come back, so it is asked about. */
export function RevokeTokenDialog({ token, onClose }: RevokeTokenDialogProps) {
  const { t } = useTranslation(["settings", "common"]);
  const client = useQueryClient();
  const { name } = token;
  const revoke = useMutation({
    mutationFn: () => tokens.revoke(token.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      toast.done(t("tokens.revoked", { name }));
      onClose();
    },
    onError: toast.refused,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("tokens.revokeTitle", { name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p>{t("tokens.revokeSentence")}</p>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:cancel")}
        </Button>
        <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("tokens.revoke")}
        </Button>
      </Group>
    </Modal>
  );
}
