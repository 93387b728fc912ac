from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts import services
from studio.accounts.api.serializers import MeSerializer, PreferencesUpdateSerializer
from studio.accounts.permissions import signed_in_user
from studio.common.query_parameters import KnownParameters


class MeView(KnownParameters):
    """The signed-in user, what he may do, and how he likes it."""

    required_permissions = {"GET": None, "PATCH": None}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Read who you are.

        Your account, roles, the permissions that these give you everywhere, and your
        preferences.
        """
        return Response(MeSerializer(signed_in_user(request)).data)

    @extend_schema(request=PreferencesUpdateSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change your preferences.

        The given preferences replace those of the same name; null removes one. Nothing else of
        an account is changed here.
        """
        serializer = PreferencesUpdateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = services.user_update_preferences(
            user=signed_in_user(request),
            preferences=serializer.validated_data["preferences"],
        )
        return Response(MeSerializer(user).data)
