"""Models by the name of their version, as CI fetches them from Rasa Studio."""

from uuid import UUID

from studio.accounts.api.base import id_parameter
from studio.accounts.permissions import Permission
from studio.assistants.access import access
from studio.assistants.api.base import MayEnterSome
from studio.assistants.models import Assistant
from studio.common.errors import NotFound
from studio.versions.api.views import VersionInputView, VersionModelView, VersionView
from studio.versions.models import Version
from studio.versions.selectors import version_named

ASSISTANT = id_parameter("assistant", "Id of the assistant", required=True)


class NamedVersionView(VersionView):
    """The version that the address names, of the assistant in the query string."""

    permission_classes = [MayEnterSome]
    common_parameters = [ASSISTANT]

    def assistant(self) -> Assistant:
        try:
            assistant_id = UUID(self.word("assistant"))
        except ValueError as error:
            raise NotFound("Say which assistant: `?assistant=` with its id.") from error
        return access(self.person, assistant_id, Permission.MODEL_DOWNLOAD)

    def version(self) -> Version:
        return version_named(self.assistant(), self.kwargs["version"])


class NamedModelView(NamedVersionView, VersionModelView):
    """The trained model of a version, by its name or number, or of the `latest`."""


class NamedInputView(NamedVersionView, VersionInputView):
    """What that version was trained from, as a project."""
