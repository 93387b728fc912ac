"""The content of an assistant as a project: export, and import over what is there."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.errors import Finding
from modelservice.project.model import Project, TextKind
from modelservice.project.project_reader import NO_CONFIG
from studio.accounts.permissions import Permission
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.cloud_storage import StorageUnavailable
from studio.content.api.base import FLOWS, ContentView, view_and_edit
from studio.content.api.serializers import (
    DownloadLinkSerializer,
    ImportIntoSerializer,
    ImportPreviewSerializer,
    project_content,
)
from studio.content.errors import (
    BranchProtected,
    GitFailed,
    ImportFailed,
    RevisionConflict,
    TooLarge,
)
from studio.content.models import Door
from studio.content.selectors.history import commit_documents
from studio.content.selectors.import_preview import import_documents
from studio.content.selectors.reports import report_document
from studio.content.services.exports import ExportChoice, export_link, export_make
from studio.content.services.imports import import_plan, project_import
from studio.content.services.projects import project_read, project_read_in_part

_CHOICE = [
    OpenApiParameter(
        "needed",
        bool,
        description="With `flows`: of everything else only what these flows need. Settings, code "
        "and tests are left out",
    ),
    OpenApiParameter(
        "linked", bool, description="With `needed`: flows that they link and call, too"
    ),
]


class ExportView(ContentView):
    """A view of the content as a zip."""

    def choice(self) -> ExportChoice:
        words = self.word("flows")
        return ExportChoice(
            flows=words.split(",") if words else None,
            needed=bool(self.flag("needed")),
            linked=bool(self.flag("linked")),
        )

    def with_secrets(self) -> bool:
        return self.may(Permission.SETTINGS_EDIT)


class AssistantExportView(ExportView):
    """The assistant as a project; from S3 directly where exports are kept there."""

    required_permissions = view_and_edit()
    failures = {"GET": (StorageUnavailable,)}

    @extend_schema(
        parameters=[FLOWS, *_CHOICE],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 302: None},
    )
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Export a project.

        The branch as a zip of a Rasa project. Where exports are kept in a bucket the answer is
        302 to a signed address. Secrets are left out for whoever may not change settings.
        """
        branch, choice, secrets = self.branch(), self.choice(), self.with_secrets()
        link = export_link(branch=branch, choice=choice, with_secrets=secrets)
        if link is not None:
            return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})
        export = export_make(branch=branch, choice=choice, with_secrets=secrets)
        return HttpResponse(
            export.content,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{export.file_name}"'},
        )


class AssistantExportLinkView(ExportView):
    """Where a browser finds the zip: a page may not follow a redirect to another host."""

    required_permissions = view_and_edit()
    failures = {"GET": (StorageUnavailable,)}

    @extend_schema(parameters=[FLOWS, *_CHOICE], responses=DownloadLinkSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read where the export can be fetched.

        For browsers, which may not follow a redirect to another host. `url` is null where the
        export is answered from here.
        """
        link = export_link(
            branch=self.branch(), choice=self.choice(), with_secrets=self.with_secrets()
        )
        return Response({"url": link}, headers={"Cache-Control": "no-store"})


class ImportIntoView(ContentView):
    """Write a project over this one: merged into it, or in its place; as one commit.

    `preview` tells what would change, and changes nothing.
    """

    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (ImportFailed, GitFailed, TooLarge, RevisionConflict, BranchProtected)}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="v1_assistants_import_into",
        request={"multipart/form-data": ImportIntoSerializer},
        responses=ImportPreviewSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Import a project into an assistant.

        Merged into its content or in its place, the whole of it or the `items` that are named, as
        one commit. It comes in a zip or from Git. With `preview` the answer tells what would
        change, and nothing is changed.
        """
        data = self.validated(ImportIntoSerializer)
        branch = self.branch()
        project, errors = _read(project_content(data), partly=data["partly"])
        # The assistant has one.
        project.warnings = [one for one in project.warnings if one != NO_CONFIG]
        left_out = {one.file for one in errors if one.file is not None}
        plan = import_plan(branch, project, data["mode"], left_out)
        diff = import_documents(
            branch, plan, may_change_settings=self.may(Permission.SETTINGS_EDIT)
        )
        commit = None
        if not data["preview"]:
            commit = project_import(
                branch=branch,
                project=project,
                mode=data["mode"],
                author=self.author("Imported", Door.IMPORT),
                items=data.get("items"),
                expected=data.get("expected", ""),
                left_out=left_out,
            )
            record(
                Action.ASSISTANT_IMPORTED,
                target_id=self.entered.pk,
                target=self.entered.name,
                mode=data["mode"],
            )
        return Response(
            {
                "commit": None if commit is None else commit_documents([commit])[0],
                "diff": diff,
                "same": plan.same,
                "digest": plan.digest,
                "part": TextKind.CONFIG not in project.texts,
                "errors": [one.as_dict() for one in errors],
                "report": report_document(project),
            }
        )


def _read(content: bytes, *, partly: bool) -> tuple[Project, list[Finding]]:
    return project_read_in_part(content) if partly else (project_read(content), [])
