"""The people of the embedded identity: our own table."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from studio.accounts import services as accounts
from studio.accounts.models import User
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import NotFound
from studio.identity.services import change_password, sign_out_everywhere
from studio.people.directory import DirectoryInfo, ManagedExternally, Person


class LocalDirectory:
    def info(self) -> DirectoryInfo:
        return DirectoryInfo("local", console_url="", sends_mail=False)

    def count(self, search: str) -> int:
        return self._found(search).count()

    def people(self, search: str, first: int, most: int) -> list[Person]:
        return [_person(user) for user in self._found(search)[first : first + most]]

    def person(self, person_id: UUID) -> Person:
        return _person(_user(person_id))

    def named(self, username: str) -> Person:
        user = User.objects.filter(username__iexact=username, is_service=False).first()
        if user is None:
            raise NotFound(f"There is no user called {username}.")
        return _person(user)

    def create(
        self,
        *,
        username: str,
        name: str,
        email: str,
        password: str,
        roles: Sequence[str],
        temporary_password: bool = False,
    ) -> Person:
        user = accounts.user_create(
            username=username,
            name=name,
            email=email,
            password=password,
            roles=roles,
            temporary_password=temporary_password,
        )
        return _person(user)

    def set_roles(self, person_id: UUID, roles: Sequence[str]) -> None:
        accounts.user_set_roles(user=_user(person_id), roles=roles)

    @transaction.atomic
    def set_active(self, person_id: UUID, *, is_active: bool) -> None:
        user = accounts.user_set_active(user=_user(person_id), is_active=is_active)
        if not is_active:
            sign_out_everywhere(user=user)

    @transaction.atomic
    def set_password(self, person_id: UUID, password: str, *, temporary: bool = False) -> None:
        """Who had the old one is signed out with it."""
        user = accounts.user_set_password(
            user=_user(person_id), password=password, temporary=temporary
        )
        sign_out_everywhere(user=user)

    def set_name(self, person_id: UUID, name: str) -> None:
        accounts.user_set_name(user=_user(person_id), name=name)

    def change_password(
        self,
        person_id: UUID,
        *,
        password: str,
        new_password: str,
        address: str,
        sign_in_id: str | None,
    ) -> None:
        change_password(
            user=_user(person_id),
            password=password,
            new_password=new_password,
            address=address,
            sign_in_id=sign_in_id,
        )

    @transaction.atomic
    def delete(self, person_id: UUID) -> None:
        user = _user(person_id)
        sign_out_everywhere(user=user)
        accounts.user_delete(user=user)

    @transaction.atomic
    def sign_out(self, person_id: UUID) -> None:
        user = _user(person_id)
        sign_out_everywhere(user=user)
        record(Action.USER_SIGNED_OUT, target_id=user.pk, target=user.username)

    def invite(self, person_id: UUID) -> bool:
        raise ManagedExternally(
            "Tell the person the user name and a first password: there is no mail here."
        )

    @staticmethod
    def _found(search: str) -> QuerySet[User]:
        rows = User.objects.filter(is_service=False)
        for word in search.split():
            matches = Q(username__icontains=word) | Q(name__icontains=word)
            rows = rows.filter(matches | Q(email__icontains=word))
        return rows.order_by("username")


def _user(person_id: UUID) -> User:
    user = User.objects.filter(pk=person_id, is_service=False).first()
    if user is None:
        raise NotFound("There is no such person.")
    return user


def _person(user: User) -> Person:
    return Person(
        id=user.pk,
        username=user.username,
        name=user.name,
        email=user.email,
        is_active=user.is_active,
        roles=list(user.roles),
    )
