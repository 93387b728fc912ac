"""`manage.py conversations WORD …`: what was said; `conversations --help` lists the words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission, Role
from studio.assistants.access import access_named, only_visible
from studio.common.command import positive
from studio.conversations.expiry import expire_now
from studio.conversations.models import Conversation, Event
from studio.conversations.selectors import conversations as selectors
from studio.conversations.selectors.raw import as_json_lines
from studio.conversations.services import review
from studio.conversations.services.retention import forget, person

_LIST = ("id", "last_event_at", "outcome", "message_count", "channel", "flows", "tags", "title")
_TRUTH = ("true", "false")
_REVIEW, _DELETE = Permission.CONVERSATION_REVIEW, Permission.CONVERSATION_DELETE


class Command(StudioCommand):
    help = "List, show, export, review and tag conversations, or delete them for good."
    examples = (
        "manage.py conversations list --assistant Bank --outcome handed_over --reviewed false",
        "manage.py conversations show 6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "manage.py conversations export --assistant Bank --after 2026-01-31T00:00:00Z "
        "--output january.ndjson",
        "manage.py conversations tag unclear 6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "manage.py conversations untag unclear 6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "manage.py conversations review 6f9619ff-8b86-4011-b42d-00c04fc964ff --as ana",
        "manage.py conversations delete 6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "manage.py conversations delete --sender +385915551234 --assistant Bank",
        "manage.py conversations expire",
    )

    def add_words(self) -> None:
        listed = self._filtered("list", "those that match, the newest first")
        listed.add_argument("--limit", type=positive, default=50)
        self.word("show", "what was said and what the assistant did", "id")
        export = self._filtered("export", "those that match, with all their events, a line each")
        export.add_argument("--output", default="-", help="path; by default the output")
        self._of_some("tag", "give some a tag, which is made if it is new", "tag")
        self._of_some("untag", "take a tag from some", "tag")
        self._of_some("review", "mark some as reviewed")
        self._of_some("unreview", "mark some as not reviewed")
        delete = self.word("delete", "some, or all that is stored of a sender, for good")
        delete.add_argument("ids", nargs="*", type=UUID, metavar="id")
        delete.add_argument("--sender", help="the sender's id, in place of ids")
        delete.add_argument("--assistant", help="with --sender: only of the assistant of this name")
        self.word("expire", "delete those older than DELETE_CONVERSATIONS_OLDER_THAN_HOURS")

    def _filtered(self, name: str, about: str) -> CommandParser:
        """With the filters of the page."""
        parser = self.word(name, about)
        parser.add_argument("--assistant", help="its name")
        for option in ("search", "channel", "flow", "tag"):
            parser.add_argument(f"--{option}")
        for option in ("test", "reviewed"):
            parser.add_argument(f"--{option}", choices=_TRUTH)
        parser.add_argument("--outcome", choices=Conversation.Outcome.values)
        for option, when in (("after", "at or after"), ("before", "before")):
            parser.add_argument(
                f"--{option}", help=f"last event {when} this, such as 2026-01-31T12:00:00Z"
            )
        return parser

    def _of_some(self, name: str, about: str, *arguments: str) -> None:
        parser = self.word(name, about, *arguments)
        parser.add_argument("ids", nargs="+", type=UUID, metavar="id")

    # -- one after the other -----------------------------------------------------------------

    def _list(self, options: dict[str, Any]) -> None:
        rows = self._matching(options)[: options["limit"]]
        self.table(_LIST, [selectors.conversation_document(row) for row in rows])

    def _show(self, options: dict[str, Any]) -> None:
        try:
            conversation_id = UUID(options["id"])
        except ValueError as error:
            raise CommandError(f"{options['id']} is no id of a conversation.") from error
        needed = Permission.CONVERSATION_VIEW
        conversation = selectors.conversation_get(self.person, conversation_id, needed)
        document = selectors.detail_document(conversation)
        rows = selectors.events_of(conversation, quiet=not self._as_json).order_by("at", "id")
        if self._as_json:
            events = [selectors.event_document(row, place) for place, row in enumerate(rows, 1)]
            self.say("", {**document, "events": events})
            return
        self.facts(document)
        self.stdout.write("")
        for event in rows.iterator():
            self.stdout.write(_told(event))

    def _export(self, options: dict[str, Any]) -> None:
        rows = self._matching(options)
        with self.progress("exporting conversations") as progress:

            def pieces() -> Iterator[str]:
                for count, line in enumerate(as_json_lines(rows), 1):
                    yield from line
                    progress.text = f"exported conversations: {count}"

            if options["output"] == "-":
                for piece in pieces():
                    self.stdout.write(piece, ending="")
            else:
                encoded = (piece.encode() for piece in pieces())
                self.write_file(options["output"], encoded)

    def _tag(self, options: dict[str, Any]) -> None:
        rows = self._chosen(options["ids"], _REVIEW)
        count = review.conversations_tag(conversations=rows, name=options["tag"])
        self.say(f"Tagged: {count}.", {"count": count})

    def _untag(self, options: dict[str, Any]) -> None:
        rows = self._chosen(options["ids"], _REVIEW)
        count = review.conversations_untag(conversations=rows, name=options["tag"])
        self.say(f"The tag was taken from: {count}.", {"count": count})

    def _review(self, options: dict[str, Any]) -> None:
        self._mark(options, reviewed=True)

    def _unreview(self, options: dict[str, Any]) -> None:
        self._mark(options, reviewed=False)

    def _mark(self, options: dict[str, Any], *, reviewed: bool) -> None:
        rows = self._chosen(options["ids"], _REVIEW)
        count = review.conversations_review(conversations=rows, reviewed=reviewed, user=self.author)
        self.say(f"Marked: {count}.", {"count": count})

    def _delete(self, options: dict[str, Any]) -> None:
        if bool(options["ids"]) is bool(options["sender"]):
            raise CommandError("Name conversations by their ids, or a person by --sender.")
        if options["ids"]:
            rows = self._chosen(options["ids"], _DELETE)
            count = review.conversations_delete(conversations=rows)
            self.say(f"Deleted: {count}.", {"count": count})
        else:
            self._forget(options["sender"], options["assistant"])

    def _forget(self, sender: str, assistant: str | None) -> None:
        if Role.SUPER_USER not in self.person.roles:
            if assistant is None:
                raise CommandError("Only a SuperUser may do this for all assistants.")
            access_named(self.person, assistant, _DELETE)
        removed = forget(sender, assistant)
        where = f" with {assistant}" if assistant else ""
        told = f"Deleted of {sender}{where}: {removed}."
        lines = [told if removed else f"Nothing is stored of {sender}{where}."]
        lines.append(f"The activity record calls this sender {person(sender)}.")
        files = [str(path) for path in _files_with(sender)]
        lines += [
            f"{path} still holds events of {sender}: remove the file yourself." for path in files
        ]
        if settings.KAFKA_BROKER_ADDRESS:
            lines.append("Kafka keeps its topics by its own rules, and backups are yours.")
        document = {"removed": removed.counts(), "person": person(sender), "files": files}
        self.say("\n".join(lines), document)

    def _expire(self, _options: dict[str, Any]) -> None:
        if Role.SUPER_USER not in self.person.roles:
            raise CommandError("Only a SuperUser may do this.")
        if settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS == 0:
            raise CommandError("Set DELETE_CONVERSATIONS_OLDER_THAN_HOURS: how old is too old?")
        removed = expire_now()
        self.say(f"Deleted: {removed}.", removed.counts())

    # -- what they share ---------------------------------------------------------------------

    def _matching(self, options: Mapping[str, Any]) -> QuerySet[Conversation]:
        filters = {name: options[name] or "" for name in selectors.FILTERS}
        if filters["assistant"]:
            needed = Permission.CONVERSATION_VIEW
            filters["assistant"] = str(access_named(self.person, filters["assistant"], needed).pk)
        return selectors.conversations(self.person, filters)

    def _chosen(self, ids: Iterable[UUID], permission: Permission) -> QuerySet[Conversation]:
        """:raises CommandError: one is not there, or not for them"""
        wanted = {*ids}
        rows = only_visible(review.selected(wanted), self.person, permission)
        if missing := wanted - {*rows.values_list("pk", flat=True)}:
            raise CommandError(f"There is no conversation {min(missing, key=str)} for you.")
        return rows


def _told(event: Event) -> str:
    """One event as a line of a transcript."""
    if event.type == "slot":
        what = f"{event.name} = {json.dumps(event.value, ensure_ascii=False)}"
    elif event.type in {"user", "bot"}:
        what = event.text or "(without words)"
    else:
        what = event.name or event.flow_id or ""
    return f"{event.at:%Y-%m-%d %H:%M:%S}  {event.type:<14}  {what}".rstrip()


def _files_with(sender: str) -> list[Path]:
    needle = sender.encode()
    return [path for path in sorted(settings.EVENTS_DIR.glob("*.jsonl")) if _holds(path, needle)]


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as lines:
        return any(needle in line for line in lines)
