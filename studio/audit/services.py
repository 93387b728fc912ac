"""The one way to write an entry."""

from typing import Unpack
from uuid import UUID

from studio.audit.context import origin
from studio.audit.models import Action, Detail, Entry


def record(
    action: Action,
    *,
    target_id: UUID | str = "",
    target: str = "",
    actor: tuple[UUID, str] | None = None,
    **detail: Unpack[Detail],
) -> None:
    """In the transaction of what is done, so that neither is there without the other.

    `actor`: id and name, where the request itself does not say who it is (signing in).
    `detail` holds names and numbers: never a secret, never what somebody wrote in a conversation.
    """
    here = origin()
    actor_id, name = actor or (here.user_id, here.username)
    if here.personal_token:
        detail["personal_token"] = here.personal_token
    Entry.objects.create(
        action=action,
        actor_id=actor_id,
        actor=name[:150],
        address=here.address,
        target_id=str(target_id),
        target=target[:250],
        detail=detail,
    )
