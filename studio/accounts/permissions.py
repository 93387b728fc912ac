"""The permission check of every REST view. A view that names no permission is closed."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from studio.accounts.models import User
from studio.accounts.roles import Permission, permissions_of_roles, roles_with

if TYPE_CHECKING:  # DRF's views read this module while they are being imported
    from rest_framework.views import APIView

# Views import the permission beside the class that checks it.
__all__ = ["HasPermission", "Permission", "permissions_of", "signed_in_user"]


class MissingPermission(APIException):
    status_code = 403
    default_code = "permission_denied"

    def __init__(self, permission: Permission) -> None:
        roles = roles_with(permission)
        super().__init__(f"This needs one of the roles {', '.join(roles)}.")
        self.extras = {"permission": permission.value, "roles": roles}


def permissions_of(user: User) -> frozenset[Permission]:
    return permissions_of_roles(user.roles) if user.is_active else frozenset()


def signed_in_user(request: Request) -> User:
    """The user behind a request that has passed the permission check."""
    if not isinstance(request.user, User):
        raise NotAuthenticated("Please sign in.")
    return request.user


class HasPermission(BasePermission):
    """Reads `required_permissions: dict[method, Permission]` of the view.

    A method that is not in the table is refused. `HEAD` is read as `GET`. A value of None means
    that any signed-in user may do it.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = signed_in_user(request)
        table: dict[str, Permission | None] = getattr(view, "required_permissions", {})
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in table:
            return method == "OPTIONS" or method not in view.allowed_methods
        permission = table[method]
        if permission is not None:
            self.check(user, permission, view)
        return True

    def check(self, user: User, permission: Permission, view: "APIView") -> None:
        """:raises MissingPermission: no role of theirs holds it"""
        if permission not in permissions_of(user):
            raise MissingPermission(permission)
