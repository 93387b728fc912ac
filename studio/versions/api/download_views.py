"""Models by the name of their version, as CI fetches them from Rasa Studio."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from studio.common.errors import NotFound
from studio.versions.api.views import VersionInputView, VersionModelView
from studio.versions.models import Version
from studio.versions.selectors import version_named

ASSISTANT = OpenApiParameter("assistant", str, required=True, description="Id of the assistant")


class _Named:
    """The version that the address names, of the assistant in the query string."""

    common_parameters = [ASSISTANT]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        given = request.query_params.get("assistant", "")
        try:
            self.kwargs["assistant_id"] = UUID(given)  # type: ignore[attr-defined]  # of a view
        except ValueError as error:
            raise NotFound("Say which assistant: `?assistant=` with its id.") from error
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # of a view

    def version(self) -> Version:
        return version_named(self.assistant(), self.kwargs["version"])  # type: ignore[attr-defined]


class NamedModelView(_Named, VersionModelView):
    """The trained model of a version, by its name or number, or of the `latest`."""


class NamedInputView(_Named, VersionInputView):
    """What that version was trained from, as a project."""
