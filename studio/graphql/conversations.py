"""Conversations for programs: the operations of Rasa Studio's conversation API."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from studio.accounts.roles import Permission
from studio.assistants.access import access_named, only_visible
from studio.common.errors import Invalid, NotFound
from studio.conversations.models import Tag
from studio.conversations.selectors.conversations import conversation_get, tag_get
from studio.conversations.selectors.raw import raw_conversations, tags_of
from studio.conversations.services import review
from studio.graphql.context import Info


@strawberry.type
class ConversationTag:
    id: strawberry.ID
    name: str
    assistant_id: strawberry.ID


@strawberry.type
class RawConversation:
    """Events are as the bot published them, the oldest first."""

    id: strawberry.ID
    conversation_events: list[JSON]
    tags: list[ConversationTag]


@strawberry.type
class RawConversations:
    """`count` is of all that fit, whatever `limit` and `offset` are."""

    conversations: list[RawConversation]
    count: int


@strawberry.input
class RawConversationsInput:
    """Times are ISO 8601 with a zone; conversations that said anything between them, with any of
    the tags."""

    assistant_name: str
    from_time: datetime | None = None
    to_time: datetime | None = None
    limit: int = 10
    offset: int = 0
    tags: list[str] | None = None


@strawberry.input
class ConversationTagsInput:
    assistant_name: str


@strawberry.input
class TagOfConversationInput:
    conversation_id: strawberry.ID
    tag_id: strawberry.ID


@strawberry.input
class DeleteConversationsInput:
    conversation_ids: list[strawberry.ID]


@strawberry.type
class ConversationQuery:
    @strawberry.field
    def raw_conversations(self, info: Info, input: RawConversationsInput) -> RawConversations:
        for moment in (input.from_time, input.to_time):
            if moment is not None and moment.tzinfo is None:
                raise Invalid("A time needs its zone, such as 2026-01-31T12:00:00Z.")
        user = info.context.user
        assistant = access_named(user, input.assistant_name, Permission.CONVERSATION_VIEW)
        page = raw_conversations(
            assistant,
            since=input.from_time,
            until=input.to_time,
            tags=input.tags or [],
            limit=input.limit,
            offset=input.offset,
        )
        found = [
            RawConversation(
                id=strawberry.ID(str(row.pk)),
                conversation_events=info.context.events.place_of(row),
                tags=[_tag(tag) for tag in row.tags.all()],
            )
            for row in page.rows
        ]
        return RawConversations(conversations=found, count=page.total)

    @strawberry.field
    def conversation_tags(self, info: Info, input: ConversationTagsInput) -> list[ConversationTag]:
        user = info.context.user
        assistant = access_named(user, input.assistant_name, Permission.CONVERSATION_VIEW)
        return [_tag(tag) for tag in tags_of(assistant)]


@strawberry.type
class ConversationMutation:
    @strawberry.mutation
    def add_conversation_tag_to_conversation(
        self, info: Info, input: TagOfConversationInput
    ) -> bool:
        """Also true where the conversation has the tag already."""
        user, needed = info.context.user, Permission.CONVERSATION_REVIEW
        conversation = conversation_get(user, _id(input.conversation_id), needed)
        tag = tag_get(user, _id(input.tag_id), needed)
        review.conversation_tag_add(conversation=conversation, tag=tag)
        return True

    @strawberry.mutation
    def remove_conversation_tag_from_conversation(
        self, info: Info, input: TagOfConversationInput
    ) -> bool:
        """Always true, also where there was nothing to remove."""
        user, needed = info.context.user, Permission.CONVERSATION_REVIEW
        try:
            conversation = conversation_get(user, _id(input.conversation_id), needed)
            tag = tag_get(user, _id(input.tag_id), needed)
        except NotFound:
            return True
        review.conversation_tag_remove(conversation=conversation, tag=tag)
        return True

    @strawberry.mutation
    def delete_conversations(self, info: Info, input: DeleteConversationsInput) -> int:
        """How many were there, and are gone now."""
        ids = [_id(each) for each in input.conversation_ids]
        rows = only_visible(review.selected(ids), info.context.user, Permission.CONVERSATION_DELETE)
        return review.conversations_delete(conversations=rows)


def _tag(tag: Tag) -> ConversationTag:
    return ConversationTag(
        id=strawberry.ID(str(tag.pk)),
        name=tag.name,
        assistant_id=strawberry.ID(str(tag.assistant_id)),
    )


def _id(given: strawberry.ID) -> UUID:
    """:raises NotFound: nothing has such an id"""
    try:
        return UUID(str(given))
    except ValueError as error:
        raise NotFound(f"Nothing has the id “{given}”.") from error
