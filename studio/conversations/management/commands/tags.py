"""`manage.py tags WORD …`: the tags of an assistant's conversations."""

from collections.abc import Mapping
from typing import Any

from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.assistants.access import access_named
from studio.assistants.models import Assistant
from studio.conversations.models import Tag
from studio.conversations.selectors.conversations import tag_document, tag_named, tags_in_use
from studio.conversations.services import review


class Command(StudioCommand):
    help = "List, add, rename and remove tags of conversations."
    examples = (
        "manage.py tags list Bank",
        "manage.py tags add Bank unclear",
        "manage.py tags rename Bank unclear 'to be looked at'",
        "manage.py tags remove Bank unclear",
    )

    def add_words(self) -> None:
        listed = self.word("list", "all tags, with how many conversations have them", "assistant")
        listed.add_argument("--search", default="", help="a part of the name")
        self.word("add", "a new tag", "assistant", "tag")
        self.word("rename", "its conversations keep it", "assistant", "tag", "new_name")
        self.word("remove", "also from its conversations", "assistant", "tag")

    def _list(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, Permission.CONVERSATION_VIEW)
        rows = tags_in_use(self.person, str(assistant.pk), options["search"])
        self.table(("name", "conversation_count", "id"), [tag_document(tag) for tag in rows])

    def _add(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, Permission.CONVERSATION_REVIEW)
        tag = review.tag_create(assistant=assistant, name=options["tag"])
        self.say(f"“{tag.name}” was added.", tag_document(tag))

    def _rename(self, options: dict[str, Any]) -> None:
        tag = review.tag_rename(tag=self._tag(options), name=options["new_name"])
        self.say(f"It is called “{tag.name}” now.", {"id": tag.pk, "name": tag.name})

    def _remove(self, options: dict[str, Any]) -> None:
        tag = self._tag(options)
        document = {"id": tag.pk, "name": tag.name}
        review.tag_delete(tag=tag)
        self.say(f"“{tag.name}” was removed.", document)

    def _tag(self, options: Mapping[str, Any]) -> Tag:
        return tag_named(self._entered(options, Permission.CONVERSATION_REVIEW), options["tag"])

    def _entered(self, options: Mapping[str, Any], permission: Permission) -> Assistant:
        return access_named(self.person, options["assistant"], permission)
