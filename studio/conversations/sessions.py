"""Sessions of conversations (kafka_events §9.2)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from studio.conversations.derive import Body, TimedEvent
from studio.conversations.event_store import insert_rows
from studio.conversations.models import Conversation, Session

_START_ACTION = "action_session_start"
_NOTHING: Body = {}


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

    def apply(self, conversation: Conversation, timed_events: Iterable[TimedEvent]) -> None:
        """By `metadata.session_id`; models without it begin a session with its start action.

        Events of a conversation come in the order of their time.
        """
        last = self._last.get(conversation.pk.int)
        for body, at in timed_events:
            named = (body.get("metadata") or _NOTHING).get("session_id")
            ends = body["event"] == "session_ended"
            if last is None or last.session_id != named or ends:
                last = self._session(conversation, body, at, last)
                if ends:
                    self._end(last, at)

    def _session(
        self, conversation: Conversation, body: Body, at: datetime, last: Session | None
    ) -> Session:
        """The one that the event belongs to; `last` is that of the event before it."""
        named = (body.get("metadata") or _NOTHING).get("session_id")
        if isinstance(named, str) and named:
            session_id = named[:255]
            session = self._known.get(conversation.pk.int, {}).get(session_id)
        elif last is None or (body["event"] == "action" and body.get("name") == _START_ACTION):
            session_id, session = f"from-{at.isoformat()}", None
        else:
            session_id, session = last.session_id, last
        if session is None:
            session = Session(conversation=conversation, session_id=session_id, started_at=at)
            self._new.append(session)
            self._remember(session)
        self._last[conversation.pk.int] = session
        return session

    def _end(self, session: Session, at: datetime) -> None:
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
