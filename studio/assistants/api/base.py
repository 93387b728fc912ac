"""Views below one assistant: they come through its door."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.views import APIView

from studio.accounts.api.base import ApiView
from studio.accounts.models import User
from studio.accounts.permissions import HasPermission, MissingPermission, Permission
from studio.assistants.access import access, holds_anywhere, permissions_in
from studio.assistants.models import Assistant


class MayEnter(HasPermission):
    """The permission of the method, in the assistant that the address names."""

    def check(self, user: User, permission: Permission, view: APIView) -> None:
        assert isinstance(view, AssistantView)  # noqa: S101  it is a permission of these views
        view.entered = access(
            user, UUID(str(view.kwargs["assistant_id"])), permission, deleted=view.takes_deleted
        )


class MayEnterSome(HasPermission):
    """The permission of the method, in any assistant: the view shows what is of those."""

    def check(self, user: User, permission: Permission, view: APIView) -> None:
        if not holds_anywhere(user, permission):
            raise MissingPermission(permission, user)


class AssistantView(ApiView):
    """A view below one assistant."""

    permission_classes = [MayEnter]
    takes_deleted = False
    # The one that the door let the person into.
    entered: Assistant

    def assistant(self) -> Assistant:
        return self.entered

    def may(self, permission: Permission) -> bool:
        """Whether the person holds a further permission in this assistant."""
        return permission in (permissions_in(self.person, self.entered) or ())


__all__ = ["AssistantView", "MayEnter", "MayEnterSome", "Request"]
