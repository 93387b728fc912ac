"""Sessions of conversations (kafka_events §9.2)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from studio.conversations.models import Conversation, Session

_START_ACTION = "action_session_start"


class Sessions:
    """The sessions of the conversations of one batch; new ones are stored by `save`."""

    def __init__(self, conversations: Iterable[Conversation]) -> None:
        self._known: dict[Any, dict[str, Session]] = {}
        self._last: dict[Any, Session] = {}
        self._new: list[Session] = []
        self._ended: list[Session] = []
        for session in Session.objects.filter(conversation__in=list(conversations)):
            self._remember(session)

    def session_for(
        self, conversation: Conversation, body: dict[str, Any], at: datetime
    ) -> Session:
        """By `metadata.session_id`; models without it begin a session with its start action."""
        session_id = (body.get("metadata") or {}).get("session_id")
        begins = body["event"] == "action" and body.get("name") == _START_ACTION
        last = self._last.get(conversation.pk)
        if isinstance(session_id, str) and session_id:
            session = self._known.get(conversation.pk, {}).get(session_id[:255])
        elif begins or last is None:
            session_id, session = f"from-{conversation.event_count + 1}", None
        else:
            session_id, session = last.session_id, last
        if session is None:
            session = Session(conversation=conversation, session_id=session_id[:255], started_at=at)
            self._new.append(session)
            self._remember(session)
        self._last[conversation.pk] = session
        if body["event"] == "session_ended":
            session.ended_at = at
            self._ended.append(session)
        return session

    def save(self) -> None:
        Session.objects.bulk_create(self._new)
        Session.objects.bulk_update(
            {session.pk: session for session in self._ended}.values(), ["ended_at"]
        )

    def _remember(self, session: Session) -> None:
        self._known.setdefault(session.conversation_id, {})[session.session_id] = session
        self._last[session.conversation_id] = session
