"""Personal access tokens: one's own, and those of all for administrators.

None of it takes such a token: whoever has got hold of one cannot make, see or end others.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema

from studio.accounts import personal_tokens
from studio.accounts.api.base import ApiView, Request, Response
from studio.accounts.api.serializers import (
    NewPersonalTokenSerializer,
    OwnedPersonalTokenSerializer,
    PersonalTokenCreateSerializer,
    PersonalTokenOptionsSerializer,
    PersonalTokenSerializer,
)
from studio.accounts.models import User
from studio.accounts.permissions import Permission
from studio.accounts.scopes import Scope
from studio.accounts.selectors import user_named

USERNAME = OpenApiParameter("username", str, description="Only those of this person")


class OwnTokensView(ApiView):
    required_permissions = {"GET": None, "POST": None}
    takes_idempotency_key = False
    failures = {
        "POST": (
            personal_tokens.TokenNameTaken,
            personal_tokens.TooManyTokens,
            personal_tokens.NoPersonalTokens,
        )
    }
    not_with_personal_token = frozenset({"GET", "POST"})

    @extend_schema(responses=PersonalTokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your personal access tokens, the newest first."""
        page: Any = self.paginate_queryset(personal_tokens.tokens(user=self.person))
        return self.get_paginated_response(PersonalTokenSerializer(page, many=True).data)

    @extend_schema(
        request=PersonalTokenCreateSerializer, responses={201: NewPersonalTokenSerializer}
    )
    def post(self, request: Request) -> Response:
        """Make an access token of your own.

        The answer is the only place where the token itself stands.
        """
        data = self.validated(PersonalTokenCreateSerializer)
        row, token = personal_tokens.token_make(
            user=self.person,
            name=data["name"],
            scopes=data["scopes"],
            days=data.get("expires_in_days", personal_tokens.default_days()),
        )
        body = {**PersonalTokenSerializer(row).data, "token": token}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class OwnTokenView(ApiView):
    required_permissions = {"DELETE": None}
    not_with_personal_token = frozenset({"DELETE"})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Revoke one of your personal access tokens, at once."""
        personal_tokens.token_revoke(token_id=kwargs["token_id"], user=self.person)
        return Response(status=204)


class TokenOptionsView(ApiView):
    required_permissions = {"GET": None}
    not_with_personal_token = frozenset({"GET"})
    pagination_class = None

    @extend_schema(responses=PersonalTokenOptionsSerializer)
    def get(self, request: Request) -> Response:
        """What an access token may be made with.

        The scopes that there are, and how long one may live.
        """
        return Response(
            {
                "scopes": list(Scope),
                "default_days": personal_tokens.default_days(),
                "max_days": personal_tokens.max_days(),
            }
        )


class TokensView(ApiView):
    required_permissions = {"GET": Permission.USER_MANAGE}
    not_with_personal_token = frozenset({"GET"})

    @extend_schema(parameters=[USERNAME], responses=OwnedPersonalTokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The personal access tokens of all people, the newest first."""
        name = self.word("username")
        # Nobody has tokens who is not there.
        user = (user_named(name) or User()) if name else None
        page: Any = self.paginate_queryset(personal_tokens.tokens(user=user))
        return self.get_paginated_response(OwnedPersonalTokenSerializer(page, many=True).data)


class TokenView(ApiView):
    required_permissions = {"DELETE": Permission.USER_MANAGE}
    not_with_personal_token = frozenset({"DELETE"})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Revoke a personal access token of anybody, at once."""
        personal_tokens.token_revoke(token_id=kwargs["token_id"])
        return Response(status=204)
