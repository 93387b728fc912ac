"""The home page: assistants with what it tells of each, and their lives."""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.api.base import ApiView, view_and_edit
from studio.accounts.permissions import Permission
from studio.assistants import services
from studio.assistants.api.base import AssistantView, MayEnterSome
from studio.assistants.errors import NameTaken
from studio.common.errors import NotFound
from studio.content.api.base import DELETED, SEARCH
from studio.content.api.serializers import (
    AssistantDuplicateSerializer,
    AssistantImportSerializer,
    GitHostsSerializer,
    SampleSerializer,
    git_place,
    project_content,
)
from studio.content.errors import GitFailed, ImportFailed, TooLarge
from studio.content.selectors.items import branch_get
from studio.content.selectors.reports import report_document
from studio.content.selectors.samples import sample_get, sample_list
from studio.content.services import projects
from studio.home.api.serializers import (
    AssistantCreateSerializer,
    AssistantSerializer,
    AssistantUpdateSerializer,
    ImportedSerializer,
)
from studio.home.deletion import assistant_delete, assistant_purge
from studio.home.selectors import assistant_document, assistant_documents, assistants
from studio.model_service.errors import ModelServiceUnavailable


class AssistantsView(ApiView):
    permission_classes = [MayEnterSome]
    required_permissions = {
        "GET": Permission.ASSISTANT_VIEW,
        "POST": Permission.ASSISTANT_CREATE,
    }
    failures = {"POST": (NameTaken, NotFound)}

    @extend_schema(parameters=[SEARCH, DELETED], responses=AssistantSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List assistants.

        Those that you may see, with how they are: problems, versions, conversations of the last
        seven days.
        """
        rows = assistants(
            self.person, search=self.word("search"), deleted=bool(self.flag("deleted"))
        )
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(assistant_documents(page, self.person))

    @extend_schema(request=AssistantCreateSerializer, responses={201: AssistantSerializer})
    def post(self, request: Request) -> Response:
        """Create an assistant.

        Empty in a language, with a greeting and one flow (`starter`), or as a copy of a `sample`;
        either with additional languages. To create one from files, import a project.
        """
        data = self.validated(AssistantCreateSerializer)
        further = data.get("additional_languages", ())
        if data.get("sample"):
            assistant = projects.assistant_create_from_sample(
                name=data["name"],
                sample=sample_get(data["sample"]),
                further=further,
                user=self.person,
            )
        else:
            assistant = projects.assistant_create(
                name=data["name"],
                language=data.get("language", "en"),
                further=further,
                user=self.person,
                starter=data.get("starter", False),
            )
        return Response(assistant_document(assistant, self.person), status=201)


class AssistantDetailView(AssistantView):
    required_permissions = {
        "GET": Permission.ASSISTANT_VIEW,
        "PATCH": Permission.SETTINGS_EDIT,
        "DELETE": Permission.ASSISTANT_DELETE,
    }
    failures = {"PATCH": (NameTaken,), "DELETE": (ModelServiceUnavailable,)}

    @extend_schema(responses=AssistantSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read an assistant.

        Its settings, how many flows and problems it has, its latest and its ready version, and
        what you may do in it.
        """
        return Response(assistant_document(self.assistant(), self.person))

    @extend_schema(request=AssistantUpdateSerializer, responses=AssistantSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change the settings of an assistant.

        What is not given stays as it is.
        """
        values = self.validated(AssistantUpdateSerializer)
        assistant = services.assistant_update(
            assistant=self.assistant(), values=values, user=self.person
        )
        return Response(assistant_document(assistant, self.person))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete an assistant.

        Its running versions are stopped. It can be brought back until `purge_at`.
        """
        assistant_delete(assistant=self.assistant())
        return Response(status=204)


class AssistantUndeleteView(AssistantView):
    """Bring a deleted assistant back."""

    required_permissions = {"POST": Permission.ASSISTANT_DELETE}
    failures = {"POST": (NameTaken,)}
    takes_deleted = True

    @extend_schema(request=None, responses=AssistantSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Bring a deleted assistant back.

        With all its content, history and versions. Its versions do not run until they are
        activated.
        """
        assistant = services.assistant_undelete(assistant=self.assistant())
        return Response(assistant_document(assistant, self.person))


class DeletedAssistantView(AssistantView):
    required_permissions = {"DELETE": Permission.ASSISTANT_PURGE}
    not_with_personal_token = frozenset({"DELETE"})
    failures = {"DELETE": (NotFound,)}
    takes_deleted = True

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a deleted assistant for good.

        Its content, history, versions and conversations; nothing brings them back. Models that no
        version has any more leave the storage with `manage.py model_service clean`.
        """
        assistant_purge(assistant=self.assistant())
        return Response(status=204)


class AssistantDuplicateView(AssistantView):
    required_permissions = {"POST": Permission.ASSISTANT_CREATE}
    failures = {"POST": (NameTaken,)}

    @extend_schema(request=AssistantDuplicateSerializer, responses={201: AssistantSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Copy an assistant.

        The content of its branch main becomes a new assistant; versions, conversations and
        members do not come along.
        """
        data = self.validated(AssistantDuplicateSerializer)
        assistant = projects.assistant_duplicate(
            branch=branch_get(self.entered.pk), name=data["name"], user=self.person
        )
        return Response(assistant_document(assistant, self.person), status=201)


class AssistantImportView(ApiView):
    required_permissions = {"POST": Permission.ASSISTANT_CREATE}
    failures = {"POST": (ImportFailed, GitFailed, TooLarge, NameTaken)}
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": AssistantImportSerializer},
        responses={201: ImportedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an assistant from a project.

        A zip of a Rasa project, or a folder of a Git repository. The report says what was taken,
        kept as a file, and not used. A project that cannot be read is refused as a whole, with
        file, line and item of each error.
        """
        data = self.validated(AssistantImportSerializer)
        own = PurePosixPath(data["file"].name).stem if "file" in data else git_place(data).name
        imported = projects.assistant_import(
            content=project_content(data), name=data.get("name") or own, user=self.person
        )
        document = {
            "assistant": assistant_document(imported.assistant, self.person),
            "report": report_document(imported.project),
        }
        return Response(document, status=201)


class SamplesView(ApiView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=SampleSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the samples.

        Assistants that can be copied as a start.
        """
        return Response(SampleSerializer(sample_list(), many=True).data)


class GitHostsView(ApiView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=GitHostsSerializer)
    def get(self, request: Request) -> Response:
        """List the hosts of Git.

        Where projects may be fetched from; whoever runs Studio allows them.
        """
        return Response({"hosts": settings.STUDIO_GIT_HOSTS})
