"""People and their roles, for administrators."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import SEARCH, ApiView
from studio.accounts.permissions import Permission
from studio.accounts.roles import Role
from studio.accounts.services import LastAdministrator, NameTaken
from studio.common.errors import Invalid
from studio.common.pagination import ContentPagination
from studio.keycloak.admin import KeycloakRefused
from studio.people.api.serializers import (
    AccountCreateSerializer,
    AccountSerializer,
    AccountUpdateSerializer,
    DirectorySerializer,
    InvitationSerializer,
)
from studio.people.current import directory
from studio.people.directory import ManagedExternally, People
from studio.people.in_keycloak import MailNotSent, NoAccount


class PeoplePagination(ContentPagination):
    """Small pages: Keycloak is asked for the groups of each person."""

    page_size = 25
    max_page_size = 100


class AccountsView(ApiView):
    required_permissions = dict.fromkeys(("GET", "POST"), Permission.USER_MANAGE)
    not_with_personal_token = frozenset({"POST"})
    failures = {"GET": (KeycloakRefused, NoAccount), "POST": (NameTaken, ManagedExternally)}
    pagination_class = PeoplePagination

    @extend_schema(parameters=[SEARCH], responses=AccountSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List people.

        Everybody who has an account, with their roles.
        """
        rows: Any = People(directory(), self.word("search"))
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response([asdict(person) for person in page])

    @extend_schema(request=AccountCreateSerializer, responses={201: AccountSerializer})
    def post(self, request: Request) -> Response:
        """Add a person.

        Where accounts are kept in Keycloak people are added there: the answer is 409 with its
        address.
        """
        data = self.validated(AccountCreateSerializer)
        return Response(asdict(directory().create(**data)), status=201)


class DirectoryView(ApiView):
    required_permissions = {"GET": Permission.USER_MANAGE}
    failures = {"GET": (KeycloakRefused, NoAccount)}
    pagination_class = None

    @extend_schema(responses=DirectorySerializer)
    def get(self, request: Request) -> Response:
        """Read where accounts are kept.

        In Studio itself (`local`) or in Keycloak, whether invitations can be mailed, and which
        roles there are.
        """
        info = asdict(directory().info())
        return Response({**info, "roles": [role.value for role in Role]})


class AccountView(ApiView):
    required_permissions = dict.fromkeys(("GET", "PATCH", "DELETE"), Permission.USER_MANAGE)
    not_with_personal_token = frozenset({"PATCH", "DELETE"})
    failures = {
        "GET": (KeycloakRefused, NoAccount),
        "PATCH": (LastAdministrator, ManagedExternally, KeycloakRefused, NoAccount),
        "DELETE": (LastAdministrator, ManagedExternally),
    }

    @extend_schema(responses=AccountSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a person.

        One account with its roles.
        """
        return Response(asdict(directory().person(kwargs["person_id"])))

    @extend_schema(request=AccountUpdateSerializer, responses=AccountSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change a person.

        Roles, password, or whether they may sign in; at least one of them. With Keycloak only
        `roles`: all else is done there, and answered 409 with its address.
        """
        data = self.validated(AccountUpdateSerializer)
        if not data.keys() - {"temporary_password"}:
            raise Invalid("Say what is to change: roles, is_active or password.")
        source, person_id = directory(), kwargs["person_id"]
        with transaction.atomic():
            if "password" in data:
                temporary = data.get("temporary_password", False)
                source.set_password(person_id, data["password"], temporary=temporary)
            if "is_active" in data:
                source.set_active(person_id, is_active=data["is_active"])
            if "roles" in data:
                source.set_roles(person_id, data["roles"])
        return Response(asdict(source.person(person_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a person.

        Their sessions and access tokens end; what they made stays, without its author. Where
        accounts are kept in Keycloak the answer is 409 with the address of the account.
        """
        directory().delete(kwargs["person_id"])
        return Response(status=204)


class AccountSignOutView(ApiView):
    """Ends every session; access tokens that are out live for their few minutes."""

    required_permissions = {"POST": Permission.USER_MANAGE}
    not_with_personal_token = frozenset({"POST"})
    failures = {"POST": (KeycloakRefused, NoAccount)}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """End all sessions of a person.

        Access tokens that are out live on for their few minutes.
        """
        directory().sign_out(kwargs["person_id"])
        return Response(status=204)


class AccountInviteView(ApiView):
    """Sends Keycloak's mail in which one chooses a password."""

    required_permissions = {"POST": Permission.USER_MANAGE}
    not_with_personal_token = frozenset({"POST"})
    failures = {"POST": (MailNotSent, ManagedExternally, KeycloakRefused, NoAccount)}

    @extend_schema(request=None, responses=InvitationSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Invite a person by mail.

        Keycloak sends a mail in which they choose a password. `sent` is false where there is no
        mail.
        """
        source, person_id = directory(), kwargs["person_id"]
        sent = source.invite(person_id)
        return Response({"sent": sent, "console_url": source.person(person_id).console_url})
