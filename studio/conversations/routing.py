"""Which assistant and version an event belongs to."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db.models import Q

from studio.assistants.models import Assistant
from studio.conversations.models import Conversation
from studio.versions.models import Version

_MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class Route:
    assistant_id: UUID
    version_id: UUID | None


class Router:
    """For one batch of one source; looks every name up once.

    An event names its assistant by `metadata.assistant_id`: Studio's id, or what config.yml of the
    assistant says. Events without it (old models, errors) belong to the deployment that the file
    is named after, or to the assistant that the same sender spoke to before.
    """

    def __init__(self, source_name: str) -> None:
        self._deployment = PurePath(source_name).stem
        self._assistants: dict[str, UUID | None] = {}
        self._versions: dict[tuple[UUID, str, str], UUID | None] = {}
        self._senders: dict[str, UUID | None] = {}
        # Of events that name both their assistant and their model: nearly all. Ours name a model
        # by its file and by its id, Rasa's by its id alone.
        self._routes: dict[tuple[str, str, str], Route] = {}
        self._of_file: Version | None = None
        self._file_known = False

    def route(self, body: dict[str, Any]) -> Route | str | None:
        """The name of an assistant that is not known; None where there is no name either."""
        metadata = body.get("metadata") or {}
        assistant, model_id = metadata.get("assistant_id"), metadata.get("model_id", "")
        name = metadata.get("model_name", "")
        if type(assistant) is not str or type(model_id) is not str or type(name) is not str:
            return self._look_up(body, metadata)
        if not (name or model_id):
            return self._look_up(body, metadata)
        route: Route | str | None = self._routes.get((assistant, name, model_id))
        if route is None:
            route = self._look_up(body, metadata)
            if isinstance(route, Route):
                self._routes[assistant, name, model_id] = route
        return route

    def _look_up(self, body: dict[str, Any], metadata: dict[str, Any]) -> Route | str | None:
        named = str(metadata.get("assistant_id") or "")[:_MAX_NAME]
        sender = body["sender_id"]
        assistant_id = self._assistant(named) if named else None
        version = self._version_of_file()
        if assistant_id is None and version is not None:
            assistant_id = version.assistant_id
        if assistant_id is None:
            if named:
                return named
            assistant_id = self._of_sender(sender)
        if assistant_id is None:
            return None
        self._senders[sender] = assistant_id
        version_id = self._version(assistant_id, metadata)
        if version_id is None and version is not None and version.assistant_id == assistant_id:
            version_id = version.pk
        return Route(assistant_id, version_id)

    def _assistant(self, name: str) -> UUID | None:
        if name not in self._assistants:
            self._assistants[name] = assistant_named(name)
        return self._assistants[name]

    def _of_sender(self, sender: str) -> UUID | None:
        """The one assistant that this sender has spoken to, if it is one."""
        if sender not in self._senders:
            rows = Conversation.objects.filter(sender_id=sender).order_by()
            found = list(rows.values_list("assistant", flat=True)[:2])
            self._senders[sender] = found[0] if len(found) == 1 else None
        return self._senders[sender]

    def _version(self, assistant_id: UUID, metadata: dict[str, Any]) -> UUID | None:
        """The newest one with the model of that file, else with that id."""
        name = str(metadata.get("model_name") or "").removesuffix(".tar.gz")
        model_id = str(metadata.get("model_id") or "")
        key = (assistant_id, name, model_id)
        if key not in self._versions:
            rows = Version.objects.filter(assistant=assistant_id).values_list("pk", flat=True)
            found = rows.filter(model_name=name).first() if name else None
            if found is None and model_id:
                found = rows.filter(model_id=model_id).first()
            self._versions[key] = found
        return self._versions[key]

    def _version_of_file(self) -> Version | None:
        if not self._file_known:
            self._file_known = True
            rows = Version.objects.filter(deployment=self._deployment)
            self._of_file = rows.first() if self._deployment else None
        return self._of_file


def assistant_named(name: str) -> UUID | None:
    """By Studio's id, by the `assistant_id` of its config.yml, or by its name, which is
    what Rasa Studio wants that id to be."""
    wanted = Q(configured_id=name, deleted_at__isnull=True)
    try:
        wanted |= Q(pk=UUID(name))
    except ValueError:
        wanted |= Q(name=name, deleted_at__isnull=True)
    found = Assistant.objects.filter(wanted).order_by("created_at").first()
    return found.pk if found else None
