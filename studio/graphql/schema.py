"""The schema of `/api/graphql/`; its text is `deploy/docs/schema.graphql`."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from studio.graphql.assistants import AssistantMutation, AssistantQuery
from studio.graphql.conversations import ConversationMutation, ConversationQuery
from studio.graphql.guards import guards
from studio.graphql.models import ModelQuery


@strawberry.type
class Query(AssistantQuery, ConversationQuery, ModelQuery):
    pass


@strawberry.type
class Mutation(AssistantMutation, ConversationMutation):
    pass


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], *_args: Any, **_kwargs: Any) -> None:
        """The view logs those that nobody expected."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    extensions=guards(),
    config=StrawberryConfig(auto_camel_case=True),
)
