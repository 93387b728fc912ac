"""The files of a project: those that Studio carries along, and the others as an export has them."""

from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.permissions import Permission
from studio.assistants.errors import NameTaken
from studio.content.api.base import REVISION, ContentView, view_and_edit
from studio.content.api.file_serializers import (
    FileCreateSerializer,
    FileDetailSerializer,
    FileRenameSerializer,
    FileSerializer,
    FileUpdateSerializer,
)
from studio.content.api.revisions import ETAG, IF_MATCH, wanted_revision, with_etag
from studio.content.errors import BranchProtected, PreconditionFailed, RevisionConflict, TooLarge
from studio.content.selectors.files import any_file_document, file_document, file_get, files
from studio.content.services import files as services
from studio.content.services.precondition import file_at_revision


class FilesView(ContentView):
    """GET all files, POST a new one."""

    required_permissions = view_and_edit("POST")
    failures = {"POST": (NameTaken, TooLarge, BranchProtected)}
    parser_classes = [MultiPartParser]

    @extend_schema(responses=FileSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List files.

        Every file of the project as an export has it. Those with `items` come from what is edited
        as flows, responses, slots and so on; the others are carried along as they are.
        """
        return self.page_of(files(self.branch()))

    @extend_schema(
        request={"multipart/form-data": FileCreateSerializer}, responses={201: FileDetailSerializer}
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add a file.

        As one commit of the branch. Nothing may stand at its path yet. Code (`.py`) needs the
        right to change settings, for the model service runs it.
        """
        data = self.validated(FileCreateSerializer)
        made = services.file_create(
            branch=self.branch(),
            path=data["path"],
            content=data["file"].read(),
            author=self.author(),
        )
        return Response(file_document(made), status=201)


class FileView(ContentView):
    """One file by its path."""

    required_permissions = view_and_edit("PUT", "DELETE")
    failures = {
        "PUT": (RevisionConflict, PreconditionFailed, TooLarge, BranchProtected),
        "DELETE": (RevisionConflict, PreconditionFailed, BranchProtected),
    }
    parser_classes = [JSONParser]

    @extend_schema(parameters=[ETAG], responses=FileDetailSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a file.

        Its text and what is wrong in it. Secrets are hidden from whoever may not change settings.
        """
        return with_etag(self.document(kwargs["path"]))

    @extend_schema(
        parameters=[IF_MATCH, ETAG], request=FileUpdateSerializer, responses=FileDetailSerializer
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Write a file.

        Send the whole text with the revision that it was made from. Lines that others changed
        since are merged in; where both changed the same, the answer is 409 `revision_conflict`.
        A file that pages write becomes their items, in one commit; it is refused where one of
        them was changed since. config.yml, endpoints.yml, prompts and code need the right to
        change settings.
        """
        data = self.validated(FileUpdateSerializer)
        with self.at_wanted_revision():
            services.any_file_update(
                branch=self.branch(),
                path=kwargs["path"],
                text=data["body"],
                revision=data["revision"],
                author=self.author(),
            )
        return with_etag(self.document(kwargs["path"]))

    @extend_schema(parameters=[REVISION, IF_MATCH], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a file.

        Only one that is carried along; `restore/` brings it back.
        """
        with self.at_wanted_revision():
            services.file_delete(
                branch=self.branch(),
                path=kwargs["path"],
                revision=self.revision(),
                author=self.author(),
            )
        return Response(status=204)

    def at_wanted_revision(self) -> AbstractContextManager[None]:
        return file_at_revision(
            branch=self.branch(),
            path=self.kwargs["path"],
            revision=wanted_revision(self.request),
        )

    def document(self, path: str) -> dict[str, Any]:
        secrets = self.may(Permission.SETTINGS_EDIT)
        return any_file_document(self.branch(), path, with_secrets=secrets)


class FileRenameView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, BranchProtected)}
    parser_classes = [JSONParser]

    @extend_schema(request=FileRenameSerializer, responses=FileDetailSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Move a file.

        Gives it another path, as one commit.
        """
        data = self.validated(FileRenameSerializer)
        moved = services.file_rename(
            branch=self.branch(),
            path=kwargs["path"],
            new=data["path"],
            revision=data["revision"],
            author=self.author(),
        )
        return Response(file_document(moved))


class FileContentView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Download a file.

        The bytes of one that is carried along.
        """
        item = file_get(self.branch(), kwargs["path"])
        name = quote(item.key.rsplit("/", 1)[-1])
        return HttpResponse(
            bytes(item.blob.content or b""),
            # Whatever it is, a browser must not show it as a page of ours.
            content_type="application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )
