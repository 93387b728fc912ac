"""Assistants as a whole."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.permissions import Permission
from studio.assistants.api.base import ApiView, AssistantView, view_and_edit
from studio.assistants.api.serializers import (
    AssistantCreateSerializer,
    AssistantDuplicateSerializer,
    AssistantImportSerializer,
    AssistantSerializer,
    AssistantUpdateSerializer,
    DownloadLinkSerializer,
    ImportedSerializer,
    SampleSerializer,
)
from studio.assistants.selectors.access import deleted_assistant_get
from studio.assistants.selectors.assistants import (
    assistant_document,
    assistant_documents,
    assistants,
)
from studio.assistants.selectors.samples import sample_get, sample_list
from studio.assistants.services import assistants as services
from studio.assistants.services.exports import export_link, export_make
from studio.assistants.services.imports import Imported, assistant_import

SEARCH = OpenApiParameter("search", str, description="Every word must be somewhere in the item")
FLOWS = OpenApiParameter("flows", str, description="Flow ids, comma-separated")
DELETED = OpenApiParameter("deleted", bool, description="Deleted ones instead")


class AssistantsView(ApiView):
    required_permissions = {
        "GET": Permission.ASSISTANT_VIEW,
        "POST": Permission.ASSISTANT_CREATE,
    }

    @extend_schema(parameters=[SEARCH, DELETED], responses=AssistantSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = assistants(search=self.word("search"), deleted=bool(self.flag("deleted")))
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(assistant_documents(page))

    @extend_schema(request=AssistantCreateSerializer, responses={201: AssistantSerializer})
    def post(self, request: Request) -> Response:
        data = self.validated(AssistantCreateSerializer)
        if data.get("sample"):
            assistant = services.assistant_create_from_sample(
                name=data["name"], sample=sample_get(data["sample"]), user=self.person
            )
        else:
            assistant = services.assistant_create(
                name=data["name"], language=data.get("language", "en"), user=self.person
            )
        return Response(assistant_document(assistant), status=201)


class AssistantDetailView(AssistantView):
    required_permissions = {
        "GET": Permission.ASSISTANT_VIEW,
        "PATCH": Permission.SETTINGS_EDIT,
        "DELETE": Permission.ASSISTANT_DELETE,
    }

    @extend_schema(responses=AssistantSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(assistant_document(self.assistant()))

    @extend_schema(request=AssistantUpdateSerializer, responses=AssistantSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        values = self.validated(AssistantUpdateSerializer)
        assistant = services.assistant_update(
            assistant=self.assistant(), values=values, user=self.person
        )
        return Response(assistant_document(assistant))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        services.assistant_delete(assistant=self.assistant(), user=self.person)
        return Response(status=204)


class AssistantRestoreView(ApiView):
    required_permissions = {"POST": Permission.ASSISTANT_DELETE}

    @extend_schema(request=None, responses=AssistantSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        assistant = services.assistant_restore(
            assistant=deleted_assistant_get(kwargs["assistant_id"]), user=self.person
        )
        return Response(assistant_document(assistant))


class AssistantDuplicateView(AssistantView):
    required_permissions = {"POST": Permission.ASSISTANT_CREATE}

    @extend_schema(request=AssistantDuplicateSerializer, responses={201: AssistantSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        data = self.validated(AssistantDuplicateSerializer)
        assistant = services.assistant_duplicate(
            assistant=self.assistant(), name=data["name"], user=self.person
        )
        return Response(assistant_document(assistant), status=201)


class AssistantImportView(ApiView):
    required_permissions = {"POST": Permission.ASSISTANT_CREATE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": AssistantImportSerializer},
        responses={201: ImportedSerializer},
    )
    def post(self, request: Request) -> Response:
        data = self.validated(AssistantImportSerializer)
        upload = data["file"]
        name = data.get("name") or PurePosixPath(upload.name).stem
        imported = assistant_import(content=upload.read(), name=name, user=self.person)
        return Response(_import_document(imported), status=201)


def _import_document(imported: Imported) -> dict[str, Any]:
    project = imported.project
    return {
        "assistant": assistant_document(imported.assistant),
        "report": {
            **project.counts(),
            "kept": [{"path": kept.path, "what": kept.what} for kept in project.kept],
            "unused": [{"path": path, "reason": reason} for path, reason in project.unused],
            "warnings": [finding.as_dict() for finding in project.warnings],
        },
    }


class ExportView(AssistantView):
    """A view of the assistant as a zip."""

    def flows(self) -> list[str] | None:
        words = self.word("flows")
        return words.split(",") if words else None


class AssistantExportView(ExportView):
    """The assistant as a project; from S3 directly where exports are kept there."""

    required_permissions = view_and_edit()

    @extend_schema(
        parameters=[FLOWS], responses={(200, "application/zip"): OpenApiTypes.BINARY, 302: None}
    )
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        assistant, flows = self.assistant(), self.flows()
        link = export_link(assistant=assistant, flows=flows)
        if link is not None:
            return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})
        export = export_make(assistant=assistant, flows=flows)
        return HttpResponse(
            export.content,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{export.file_name}"'},
        )


class AssistantExportLinkView(ExportView):
    """Where a browser finds the zip: a page may not follow a redirect to another host."""

    required_permissions = view_and_edit()

    @extend_schema(parameters=[FLOWS], responses=DownloadLinkSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        link = export_link(assistant=self.assistant(), flows=self.flows())
        return Response({"url": link}, headers={"Cache-Control": "no-store"})


class SamplesView(ApiView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=SampleSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(SampleSerializer(sample_list(), many=True).data)
