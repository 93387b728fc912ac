"""What both directories of people can do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from studio.common.errors import DomainError


@dataclass(frozen=True)
class Person:
    id: UUID
    username: str
    name: str
    email: str
    is_active: bool
    roles: list[str] = field(default_factory=list)
    # The person's page in Keycloak's console.
    console_url: str = ""


@dataclass(frozen=True)
class DirectoryInfo:
    provider: str
    console_url: str
    # Whether an invitation goes out by mail, or is a page to open.
    sends_mail: bool


CONSOLE_URL = {"console_url": {"type": "string", "description": "The page of Keycloak for it"}}


class ManagedExternally(DomainError):
    code = "kept_elsewhere"
    status = 409
    title = "This is done elsewhere"
    when = "Accounts are kept in Keycloak, and this is done there."
    remedy = "Open `console_url`."
    members = CONSOLE_URL


class Directory(Protocol):
    """Raises `NotFound` for a person who is not there, `IdentityUnavailable` without Keycloak."""

    def info(self) -> DirectoryInfo: ...

    def count(self, search: str) -> int: ...

    def people(self, search: str, first: int, most: int) -> list[Person]: ...

    def person(self, person_id: UUID) -> Person: ...

    def named(self, username: str) -> Person: ...

    def create(
        self,
        *,
        username: str,
        name: str,
        email: str,
        password: str,
        roles: Sequence[str],
        temporary_password: bool = False,
    ) -> Person: ...

    def set_roles(self, person_id: UUID, roles: Sequence[str]) -> None: ...

    def set_active(self, person_id: UUID, *, is_active: bool) -> None: ...

    def set_password(self, person_id: UUID, password: str, *, temporary: bool = False) -> None: ...

    def set_name(self, person_id: UUID, name: str) -> None: ...

    def change_password(
        self,
        person_id: UUID,
        *,
        password: str,
        new_password: str,
        address: str,
        sign_in_id: str | None,
    ) -> None:
        """Of oneself, who knows the present one; other sessions than `sign_in_id` end."""
        ...

    def delete(self, person_id: UUID) -> None: ...

    def sign_out(self, person_id: UUID) -> None: ...

    def invite(self, person_id: UUID) -> bool:
        """Whether a mail went out."""
        ...


class People:
    """The found people as a list that a paginator cuts: only the page is fetched."""

    def __init__(self, source: Directory, search: str) -> None:
        self._source = source
        self._search = search

    def count(self) -> int:
        return self._source.count(self._search)

    def __getitem__(self, part: slice) -> list[Person]:
        first = part.start or 0
        return self._source.people(self._search, first, part.stop - first)
