"""The people of the realm, through the account of KEYCLOAK_API_USERNAME.

Studio lists them, puts them into the groups that are its roles, invites them and signs them out.
Accounts themselves are kept in Keycloak's console.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NoReturn, Unpack
from uuid import UUID

from django.conf import settings
from django.core.signals import setting_changed

from studio.accounts.roles import Role
from studio.accounts.services import checked_roles
from studio.audit.models import Action, Detail
from studio.audit.services import record
from studio.common.errors import DomainError, NotFound
from studio.keycloak.admin import KeycloakAdmin, KeycloakFails
from studio.people.directory import CONSOLE_URL, DirectoryInfo, ManagedExternally, Person

_ROLES = frozenset(role.value for role in Role)
_MOST_GROUPS = 10_000
# Keycloak gives its mail server 10 seconds to connect, and as many to answer.
_MAIL_SECONDS = 25


class NoAccount(DomainError):
    code = "keycloak_account_missing"
    status = 503
    title = "Studio has no account in Keycloak"
    when = "Studio has no account with which it may ask Keycloak."
    remedy = "Run `manage.py keycloak_setup`; see `keycloak.md`."


class MailNotSent(DomainError):
    code = "mail_not_sent"
    status = 502
    title = "The mail was not sent"
    when = "Keycloak could not send the mail."
    remedy = "Look at the mail settings of the realm."
    members = CONSOLE_URL


@cache
def _admin() -> KeycloakAdmin:
    """One for all requests; it signs in again when its token is over."""
    if not settings.KEYCLOAK_API_PASSWORD:
        raise NoAccount("Set KEYCLOAK_API_PASSWORD and run `manage.py keycloak_setup`.")
    return KeycloakAdmin(
        settings.KEYCLOAK_URL,
        realm=settings.KEYCLOAK_REALM,
        username=settings.KEYCLOAK_API_USERNAME,
        password=settings.KEYCLOAK_API_PASSWORD,
        client_id=settings.KEYCLOAK_API_CLIENT_ID,
    )


def _forget_admin(**_kwargs: Any) -> None:
    _admin.cache_clear()


setting_changed.connect(_forget_admin)


class KeycloakDirectory:
    def __init__(self) -> None:
        self._realm = f"/{settings.KEYCLOAK_REALM}"
        self._users = f"{self._realm}/users"

    def info(self) -> DirectoryInfo:
        return DirectoryInfo("keycloak", _console("users"), sends_mail=self._sends_mail())

    def count(self, search: str) -> int:
        return int(_admin().get(f"{self._users}/count", **_query(search)))

    def people(self, search: str, first: int, most: int) -> list[Person]:
        page = {"first": first, "max": most, "briefRepresentation": "true"}
        found = _admin().get(self._users, **_query(search), **page)
        return [self._person(user) for user in found]

    def person(self, person_id: UUID) -> Person:
        return self._person(self._user(person_id))

    def named(self, username: str) -> Person:
        found = _admin().get(self._users, username=username, exact="true")
        if not found:
            raise NotFound(f"There is no user called {username}.")
        return self._person(found[0])

    def create(self, **_facts: Any) -> Person:
        _in_the_console("People are added in Keycloak.", _console("users/add-user"))

    def set_active(self, person_id: UUID, *, is_active: bool) -> None:
        _in_the_console("Accounts are switched off in Keycloak.", _page_of(person_id))

    def set_password(self, person_id: UUID, password: str, *, temporary: bool = False) -> None:
        _in_the_console("Passwords are kept in Keycloak.", _page_of(person_id))

    def set_name(self, person_id: UUID, name: str) -> None:
        _in_the_console("Names are kept in Keycloak.", own_account_page())

    def change_password(self, person_id: UUID, **_facts: Any) -> None:
        _in_the_console("Passwords are kept in Keycloak.", own_account_page())

    def delete(self, person_id: UUID) -> None:
        _in_the_console("Accounts are deleted in Keycloak.", _page_of(person_id))

    def set_roles(self, person_id: UUID, roles: Sequence[str]) -> None:
        """The person's next token has them: within the life of an access token. Groups that are no
        roles of Studio stay as they are.

        :raises ManagedExternally: the realm lacks the group
        """
        user, wanted = self._user(person_id), set(checked_roles(roles))
        held = self._groups_of(person_id)
        ids = {
            group["name"]: group["id"]
            for group in _admin().get(f"{self._realm}/groups", max=_MOST_GROUPS)
        }
        if missing := sorted(wanted - set(ids)):
            message = f"Keycloak has no group {missing[0]}: run `manage.py keycloak_setup`."
            raise ManagedExternally(message)
        for name in sorted(wanted - set(held)):
            self._change(_admin().put, person_id, ids[name])
        for name in sorted((set(held) & _ROLES) - wanted):
            self._change(_admin().delete, person_id, held[name])
        before = sorted(set(held) & _ROLES)
        self._record(Action.USER_ROLES, user, before=before, after=sorted(wanted))

    def sign_out(self, person_id: UUID) -> None:
        user = self._user(person_id)
        _admin().post(f"{self._users}/{person_id}/logout", {})
        self._record(Action.USER_SIGNED_OUT, user)

    def invite(self, person_id: UUID) -> bool:
        """
        :raises ManagedExternally: the account cannot be invited as it is
        :raises MailNotSent: Keycloak's mail server is away, or did not take it
        """
        user = self._user(person_id)
        if not self._sends_mail():
            return False
        self._check_may_be_invited(user)
        try:
            _admin().put(
                f"{self._users}/{person_id}/execute-actions-email",
                ["UPDATE_PASSWORD"],
                seconds=_MAIL_SECONDS,
                client_id=settings.KEYCLOAK_CLIENT_ID,
                redirect_uri=f"{settings.PUBLIC_URL}/signed-in",
            )
        except KeycloakFails as failure:
            if "email" not in failure.reason:
                raise
            _mail_not_sent(user)
        self._record(Action.USER_INVITED, user)
        return True

    @staticmethod
    def _check_may_be_invited(user: dict[str, Any]) -> None:
        name, page = user["username"], _page_of(UUID(user["id"]))
        if not user.get("email"):
            message = f"{name} has no email address. Give it in Keycloak, then invite again."
            _in_the_console(message, page)
        if not user.get("enabled"):
            message = f"{name} is switched off. Switch the account on in Keycloak, then invite."
            _in_the_console(message, page)

    def _sends_mail(self) -> bool:
        return bool(_admin().get(self._realm).get("smtpServer"))

    def _user(self, person_id: UUID) -> dict[str, Any]:
        user: dict[str, Any] | None = _admin().find(f"{self._users}/{person_id}")
        if user is None:
            raise NotFound("There is no such person.")
        return user

    def _person(self, user: dict[str, Any]) -> Person:
        name = " ".join(filter(None, (user.get("firstName"), user.get("lastName"))))
        return Person(
            id=UUID(user["id"]),
            username=user["username"],
            name=name,
            email=user.get("email") or "",
            is_active=bool(user.get("enabled")),
            roles=sorted(set(self._groups_of(UUID(user["id"]))) & _ROLES),
            console_url=_page_of(UUID(user["id"])),
        )

    def _groups_of(self, person_id: UUID) -> dict[str, str]:
        """Ids of the groups of the top level, by name; a subgroup of a role's name is no role."""
        groups = _admin().get(f"{self._users}/{person_id}/groups", max=_MOST_GROUPS)
        return {group["name"]: group["id"] for group in groups if group["path"].count("/") == 1}

    def _change(self, call: Callable[[str], None], person_id: UUID, group: str) -> None:
        call(f"{self._users}/{person_id}/groups/{group}")

    @staticmethod
    def _record(action: Action, user: dict[str, Any], **detail: Unpack[Detail]) -> None:
        record(action, target_id=user["id"], target=user["username"], **detail)


def account_of(person_id: UUID) -> Person | None:
    """As it is in Keycloak now; None if it is gone."""
    try:
        return KeycloakDirectory().person(person_id)
    except NotFound:
        return None


def _query(search: str) -> dict[str, str]:
    """Keycloak takes each word as the beginning of a name unless it has stars around it."""
    words = " ".join(f"*{word}*" for word in search.split())
    return {"search": words} if words else {}


def _console(page: str) -> str:
    realm = settings.KEYCLOAK_REALM
    return f"{settings.KEYCLOAK_PUBLIC_URL}/admin/{realm}/console/#/{realm}/{page}"


def own_account_page() -> str:
    return f"{settings.KEYCLOAK_PUBLIC_URL}/realms/{settings.KEYCLOAK_REALM}/account"


def _page_of(person_id: UUID) -> str:
    return _console(f"users/{person_id}/settings")


def _in_the_console(message: str, url: str) -> NoReturn:
    raise ManagedExternally(message, console_url=url)


def _mail_not_sent(user: dict[str, Any]) -> NoReturn:
    message = (
        f"Keycloak's mail server is away, or takes no mail to {user['email']}. The account is as "
        "it was. Test the connection in Keycloak under Realm settings, Email; then invite again."
    )
    raise MailNotSent(message, console_url=_console("realm-settings/email")) from None
