"""Who may work on an assistant."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import view_and_edit
from studio.accounts.permissions import Permission
from studio.accounts.roles import Role
from studio.assistants import selectors, services
from studio.assistants.api.base import AssistantView
from studio.assistants.api.serializers import (
    MemberCreateSerializer,
    MemberSerializer,
    MemberUpdateSerializer,
)
from studio.assistants.errors import MemberExists
from studio.common.errors import NotFound


class MembersView(AssistantView):
    required_permissions = view_and_edit("POST", edit=Permission.SETTINGS_EDIT)
    not_with_personal_token = frozenset({"POST"})
    failures = {"POST": (MemberExists, NotFound)}

    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the members of an assistant.

        People, and groups that stand for everybody who has that role in Studio.
        """
        rows = selectors.members(self.assistant())
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response([selectors.member_document(row) for row in page])

    @extend_schema(request=MemberCreateSerializer, responses={201: MemberSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add a member.

        Give either `username` or `group`, and the role that they have in this assistant.
        """
        data = self.validated(MemberCreateSerializer)
        username = data.get("username")
        member = services.member_add(
            assistant=self.assistant(),
            user=selectors.person_named(username) if username else None,
            group=data.get("group", ""),
            role=Role(data["role"]),
        )
        return Response(selectors.member_document(member), status=201)


class MemberView(AssistantView):
    required_permissions = dict.fromkeys(("PATCH", "DELETE"), Permission.SETTINGS_EDIT)
    not_with_personal_token = frozenset({"PATCH", "DELETE"})

    @extend_schema(request=MemberUpdateSerializer, responses=MemberSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change the role of a member.

        It counts from their next request on.
        """
        data = self.validated(MemberUpdateSerializer)
        member = selectors.member_get(self.assistant(), kwargs["member_id"])
        changed = services.member_update(member=member, role=Role(data["role"]))
        return Response(selectors.member_document(changed))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Remove a member.

        They lose what this membership gave them, at once.
        """
        services.member_remove(member=selectors.member_get(self.assistant(), kwargs["member_id"]))
        return Response(status=204)
