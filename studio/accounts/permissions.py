"""The permission check of every REST view. A view that names no permission is closed."""

from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from studio.accounts.models import User
from studio.accounts.roles import Permission, permissions_of_roles, roles_with
from studio.accounts.scopes import permissions_of_scopes, scopes_with

if TYPE_CHECKING:  # DRF's views read this module while they are being imported
    from rest_framework.views import APIView

# Views import the permission beside the class that checks it.
__all__ = ["HasPermission", "Permission", "permissions_of", "signed_in_user"]

_NO_LIMIT = frozenset(Permission)


class MissingPermission(APIException):
    status_code = 403
    default_code = "permission_denied"

    def __init__(self, permission: Permission, user: User | None = None) -> None:
        """`user`: who lacks it; with a personal access token it may be the token that does."""
        roles = roles_with(permission)
        message = f"This needs one of the roles {', '.join(roles)}."
        self.extras: dict[str, Any] = {"permission": permission.value, "roles": roles}
        if user is not None and permission not in allowed_by_token(user):
            scopes = scopes_with(permission)
            message = f"The access token is not for this: it needs the scope {' or '.join(scopes)}."
            self.extras["scopes"] = scopes
        super().__init__(message)


class NotWithPersonalToken(APIException):
    """So that a token that leaked cannot make itself last, or others more powerful."""

    status_code = 403
    default_code = "not_with_personal_token"
    default_detail = "This takes a person who has signed in, not a personal access token."


def allowed_by_token(user: User) -> frozenset[Permission]:
    """What the personal access token of the request is for; everything without one."""
    token = user.personal_token
    return _NO_LIMIT if token is None else permissions_of_scopes(token.scopes)


def permissions_of(user: User) -> frozenset[Permission]:
    if not user.is_active:
        return frozenset()
    return permissions_of_roles(user.roles) & allowed_by_token(user)


def signed_in_user(request: Request) -> User:
    """The user behind a request that has passed the permission check."""
    if not isinstance(request.user, User):
        raise NotAuthenticated("Please sign in.")
    return request.user


class HasPermission(BasePermission):
    """Reads `required_permissions: dict[method, Permission]` of the view.

    A method that is not in the table is refused. `HEAD` is read as `GET`. A value of None means
    that any signed-in user may do it. Methods in `not_with_personal_token` take no such token.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = signed_in_user(request)
        table: dict[str, Permission | None] = getattr(view, "required_permissions", {})
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in table:
            return method == "OPTIONS" or method not in view.allowed_methods
        if user.personal_token and method in getattr(view, "not_with_personal_token", ()):
            raise NotWithPersonalToken
        permission = table[method]
        if permission is not None:
            self.check(user, permission, view)
        return True

    def check(self, user: User, permission: Permission, view: "APIView") -> None:
        """:raises MissingPermission: no role of theirs holds it"""
        if permission not in permissions_of(user):
            raise MissingPermission(permission, user)
