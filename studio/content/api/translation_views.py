"""Translations: the texts side by side, one at a time, and out to translators and back."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.config_text import LANGUAGE_CODE
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind
from modelservice.project.translatable import TEXT_FIELDS
from modelservice.project.translation_files import MAX_BYTES, TranslationFile
from studio.accounts.permissions import Permission
from studio.common.errors import NotFound
from studio.content.api.base import SEARCH, ContentView, view_and_edit
from studio.content.api.translation_serializers import (
    ImportedTextSerializer,
    JudgedSerializer,
    JudgeSerializer,
    TranslationImportedSerializer,
    TranslationImportSerializer,
    TranslationSerializer,
    TranslationUpdateSerializer,
)
from studio.content.errors import (
    BranchProtected,
    ImportFailed,
    RevisionConflict,
    TooLarge,
    import_failed,
)
from studio.content.models import Door, ItemText
from studio.content.selectors.history import commit_documents
from studio.content.selectors.translation_exchange import translation_import_plan
from studio.content.selectors.translations import (
    SHOW,
    check_language,
    text_documents,
    texts_of_language,
)
from studio.content.services import translations as services
from studio.content.services.translation_formats import (
    FORMATS,
    export_content,
    export_name,
    file_read,
)

LANGUAGE = OpenApiParameter(
    "language", {"type": "string", "pattern": LANGUAGE_CODE}, required=True, description="Its code"
)
_SHOW = OpenApiParameter(
    "show", str, enum=list(SHOW), description="todo: what is missing or outdated; all by default"
)


class TranslationsView(ContentView):
    required_permissions = view_and_edit("PATCH")
    failures = {"PATCH": (RevisionConflict, BranchProtected)}

    @extend_schema(
        parameters=[
            LANGUAGE,
            _SHOW,
            SEARCH,
            OpenApiParameter("around", bool, description="With the other texts of their items"),
            OpenApiParameter("flow", str, description="Its name, and what it says"),
            OpenApiParameter("field", str, enum=list(TEXT_FIELDS), description="Of this sort"),
        ],
        responses=TranslationSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List translatable texts.

        Each with its words in one language: what is said, titles of buttons and links, and names
        of flows.
        """
        branch, language = self.branch(), self.word("language")
        check_language(branch, language)
        texts = texts_of_language(
            branch,
            language,
            show=self.word("show", "all"),
            around=bool(self.flag("around")),
            search=self.word("search"),
            flow=self.word("flow"),
            field=self.word("field"),
        )
        page: Sequence[ItemText] = self.paginate_queryset(texts) or []
        return self.get_paginated_response(text_documents(branch, page, language))

    @extend_schema(request=TranslationUpdateSerializer, responses=TranslationSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Translate one text.

        Send its words with the revision that the item was read at; what others changed in the item
        since is merged in. It is outdated no more.
        """
        data = self.validated(TranslationUpdateSerializer)
        branch, language = self.branch(), data["language"]
        text = services.translation_update(
            branch=branch,
            kind=Kind(data["kind"]),
            key=data["item"],
            pointer=data["pointer"],
            language=language,
            text=data["text"],
            revision=data["revision"],
            author=self.author(),
        )
        return Response(text_documents(branch, [text], language)[0])


class TranslationsJudgeView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NotFound,)}

    @extend_schema(request=JudgeSerializer, responses=JudgedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Say whether translations still fit.

        Of texts whose reference was changed; no content is changed by it.
        """
        data = self.validated(JudgeSerializer)
        branch, language = self.branch(), data["language"]
        texts = services.translations_judge(
            branch=branch,
            places=[(one["kind"], one["item"], one["pointer"]) for one in data["texts"]],
            language=language,
            outdated=data["outdated"],
            author=self.author(),
        )
        return Response({"texts": text_documents(branch, texts, language)})


class TranslationsExportView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(
        parameters=[
            LANGUAGE,
            _SHOW,
            OpenApiParameter("format", str, enum=list(FORMATS), description="xliff by default"),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Export texts for a translator.

        As XLIFF 1.2, with slots as inline codes, or as CSV for spreadsheets.
        """
        name, show = self.word("format", "xliff"), self.word("show", "all")
        file = services.translations_export(
            branch=self.branch(), language=self.word("language"), show=show
        )
        return HttpResponse(
            export_content(file, name),
            content_type=FORMATS[name].media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{export_name(file, name, show)}"'
            },
        )


class TranslationsImportView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (ImportFailed, TooLarge, RevisionConflict, BranchProtected)}
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": TranslationImportSerializer},
        responses=TranslationImportedSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Import the texts of a translator.

        A file that was exported here, as one commit. With `preview` the answer tells what would
        change, and nothing is changed.
        """
        data = self.validated(TranslationImportSerializer)
        if data["file"].size > MAX_BYTES:
            raise TooLarge(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
        try:
            return Response(self._imported(file_read(data["file"].read()), data))
        except ProjectError as error:
            raise import_failed(error) from error

    def _imported(self, file: TranslationFile, data: dict[str, Any]) -> dict[str, Any]:
        branch, made = self.branch(), None
        services.check_file(branch, file)
        plan, digest = translation_import_plan(branch, file)
        if not data["preview"]:
            plan, made = services.translations_import(
                branch=branch,
                file=file,
                exceptions=set(data.get("exceptions") or ()),
                expected=data.get("expected", ""),
                author=self.author(f"Translations to “{file.language}” imported", Door.IMPORT),
            )
        return {
            "language": file.language,
            "digest": digest,
            "commit": None if made is None else commit_documents([made])[0],
            "changes": ImportedTextSerializer(plan.changes, many=True).data,
            "same": plan.same,
            "gone": plan.gone,
        }
