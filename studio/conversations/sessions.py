"""Sessions of conversations (kafka_events §9.2)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from studio.conversations.event_store import insert_rows
from studio.conversations.models import Conversation, Session

_START_ACTION = "action_session_start"


class Sessions:
    """The sessions of the conversations of one batch; new ones are stored by `save`."""

    def __init__(self, conversations: Collection[Conversation]) -> None:
        # By the number of the conversation's id: a UUID is hashed by Python code.
        self._known: dict[int, dict[str, Session]] = {}
        self._last: dict[int, Session] = {}
        self._new: list[Session] = []
        self._ended: dict[int, Session] = {}
        for session in Session.objects.filter(conversation__in=conversations):
            self._remember(session)

    def apply(self, conversation: Conversation, body: dict[str, Any], at: datetime) -> None:
        """By `metadata.session_id`; models without it begin a session with its start action.

        Events of a conversation come in the order of their time.
        """
        named = (body.get("metadata") or {}).get("session_id")
        last = self._last.get(conversation.pk.int)
        if last is not None and last.session_id == named and body["event"] != "session_ended":
            return
        begins = body["event"] == "action" and body.get("name") == _START_ACTION
        session: Session | None
        if isinstance(named, str) and named:
            session_id = named[:255]
            session = self._known.get(conversation.pk.int, {}).get(session_id)
        elif begins or last is None:
            session_id, session = f"from-{at.isoformat()}", None
        else:
            session_id, session = last.session_id, last
        if session is None:
            session = Session(conversation=conversation, session_id=session_id, started_at=at)
            self._new.append(session)
            self._remember(session)
        self._last[conversation.pk.int] = session
        if body["event"] == "session_ended":
            session.ended_at = at
            if session.pk is not None:
                self._ended[session.pk] = session

    def forget(self, conversation: Conversation) -> None:
        """Begin anew: all events of the conversation are to be applied again."""
        Session.objects.filter(conversation=conversation).delete()
        gone = self._known.pop(conversation.pk.int, {})
        self._last.pop(conversation.pk.int, None)
        self._new = [session for session in self._new if session.conversation_id != conversation.pk]
        for session in gone.values():
            if session.pk is not None:
                self._ended.pop(session.pk, None)

    def save(self) -> None:
        insert_rows(Session, self._new)
        Session.objects.bulk_update(self._ended.values(), ["ended_at"], batch_size=500)

    def _remember(self, session: Session) -> None:
        self._known.setdefault(session.conversation_id.int, {})[session.session_id] = session
        self._last[session.conversation_id.int] = session
