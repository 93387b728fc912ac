"""One's own account, for everybody."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import ApiView
from studio.audit.context import client_address
from studio.identity import tokens
from studio.identity.services import TooManyAttempts
from studio.people.api.serializers import (
    OwnAccountSerializer,
    OwnAccountUpdateSerializer,
    OwnPasswordSerializer,
)
from studio.people.current import account_url, directory
from studio.people.directory import ManagedExternally


class OwnAccountView(ApiView):
    required_permissions = {"GET": None, "PATCH": None}
    not_with_personal_token = frozenset({"PATCH"})
    failures = {"PATCH": (ManagedExternally,)}

    @extend_schema(responses=OwnAccountSerializer)
    def get(self, request: Request) -> Response:
        """Read your account.

        Your names, email address and roles, and the page where Keycloak keeps them, if it does.
        """
        return Response(self._own())

    @extend_schema(request=OwnAccountUpdateSerializer, responses=OwnAccountSerializer)
    def patch(self, request: Request) -> Response:
        """Change your name.

        What others see as yours. Where accounts are kept in Keycloak the answer is 409 with the
        address of your account there.
        """
        data = self.validated(OwnAccountUpdateSerializer)
        directory().set_name(self.person.pk, data["name"])
        self.person.refresh_from_db()
        return Response(self._own())

    def _own(self) -> dict[str, Any]:
        person = self.person
        return {
            "username": person.username,
            "name": person.name,
            "email": person.email,
            "roles": person.roles,
            "account_url": account_url(),
        }


class OwnPasswordView(ApiView):
    required_permissions = {"POST": None}
    not_with_personal_token = frozenset({"POST"})
    failures = {"POST": (ManagedExternally, TooManyAttempts)}

    @extend_schema(request=OwnPasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change your password.

        The present one is asked for. Every other session of yours ends.
        """
        data = self.validated(OwnPasswordSerializer)
        claims = tokens.read(str(request.auth), "Bearer") or {}
        directory().change_password(
            self.person.pk,
            **data,
            address=client_address(request._request),
            sign_in_id=claims.get("sid"),
        )
        return Response(status=204)
