"""Versions of an assistant."""

from typing import Any
from uuid import UUID

from django.http import (
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.archive import pack_files
from studio.accounts.api.base import ApiView
from studio.accounts.permissions import MissingPermission, Permission
from studio.assistants.access import access
from studio.assistants.api.base import AssistantView
from studio.audit.models import Action
from studio.common.cloud_storage import StorageUnavailable
from studio.common.errors import Invalid, NotFound
from studio.common.streaming import StreamedResponse
from studio.content.api.base import SEARCH, ContentView, view_and_edit
from studio.content.api.serializers import DownloadLinkSerializer
from studio.model_service.errors import (
    DiskFull,
    ModelServiceUnavailable,
    TooManyBots,
    TooManyTrainings,
)
from studio.versions import monitor, services
from studio.versions.api.serializers import (
    FlowChangeSerializer,
    VersionCreateSerializer,
    VersionFlowsSerializer,
    VersionSerializer,
    VersionUpdateSerializer,
)
from studio.versions.changes import training_changes, version_flows
from studio.versions.errors import (
    FlowHasErrors,
    NotPossibleNow,
    TrainAgain,
    TrainingRunning,
)
from studio.versions.model_link import model_link
from studio.versions.models import Version
from studio.versions.selectors import (
    assistant_of_deployment,
    log_part,
    model_chunks,
    running_log,
    version_document,
    version_get,
    versions,
)

_OFFSET_DIGITS = 15


class VersionView(AssistantView):
    """A view of one version."""

    def version(self) -> Version:
        return version_get(self.assistant(), UUID(str(self.kwargs["version_id"])))

    def document(self, version: Version) -> dict[str, Any]:
        scheme = "wss" if self.request.is_secure() else "ws"
        return version_document(version, f"{scheme}://{self.request.get_host()}")


class VersionsView(ContentView, VersionView):
    required_permissions = view_and_edit("POST", edit=Permission.TRAINING_RUN)
    failures = {
        "POST": (
            TrainingRunning,
            FlowHasErrors,
            TooManyTrainings,
            DiskFull,
            ModelServiceUnavailable,
        )
    }

    @extend_schema(
        parameters=[
            SEARCH,
            OpenApiParameter("mine", bool, description="That you started"),
            OpenApiParameter("named", bool, description="That have a name"),
        ],
        responses=VersionSerializer(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List versions.

        Each is one training and its model, newest first.
        """
        rows = versions(
            self.assistant(),
            search=self.word("search"),
            mine=self.person if self.flag("mine") else None,
            named=bool(self.flag("named")),
        )
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response([self.document(version) for version in page])

    @extend_schema(request=VersionCreateSerializer, responses={201: VersionSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Train a version.

        Of the branch, with all flows or the given ones. Ask for the version until its `status`
        is `ready` or `failed`.
        """
        data = self.validated(VersionCreateSerializer)
        version = services.version_start(
            branch=self.branch(),
            flows=data.get("flows"),
            name=data.get("name", ""),
            note=data.get("note", ""),
            user=self.person,
        )
        monitor.wake()
        return Response(self.document(version), status=201)


class VersionDetailView(VersionView):
    required_permissions = view_and_edit("PATCH", "DELETE", edit=Permission.TRAINING_RUN)
    failures = {"DELETE": (NotPossibleNow, ModelServiceUnavailable)}

    @extend_schema(responses=VersionSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a version.

        Its status and progress, the error of a training that failed, and where one chats with
        it while it runs.
        """
        return Response(self.document(self.version()))

    @extend_schema(request=VersionUpdateSerializer, responses=VersionSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Name a version.

        Change its name or note.
        """
        values = self.validated(VersionUpdateSerializer)
        return Response(
            self.document(services.version_describe(version=self.version(), values=values))
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete a version.

        With its model and log. One that runs or is trained is not deleted: 409 `in_use`.
        """
        services.version_delete(version=self.version())
        return Response(status=204)


class VersionStopView(VersionView):
    required_permissions = {"POST": Permission.TRAINING_RUN}
    failures = {"POST": (NotPossibleNow, ModelServiceUnavailable)}

    @extend_schema(request=None, responses=VersionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Stop a version.

        Its training, or the assistant that runs.
        """
        return Response(self.document(services.version_stop(version=self.version())))


class VersionActivateView(VersionView):
    required_permissions = {"POST": Permission.ASSISTANT_TRY}
    failures = {
        "POST": (NotPossibleNow, TrainAgain, TooManyBots, DiskFull, ModelServiceUnavailable)
    }

    @extend_schema(request=None, responses=VersionSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Start a version.

        The assistant runs its model again. Ask for the version until its `status` is `ready`.
        """
        version = services.version_activate(version=self.version())
        monitor.wake()
        return Response(self.document(version))


class VersionTrainView(VersionView):
    required_permissions = {"POST": Permission.TRAINING_RUN}
    failures = {"POST": (TrainingRunning, TooManyTrainings, DiskFull, ModelServiceUnavailable)}

    @extend_schema(request=None, responses={201: VersionSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Train a version again.

        A new version of the same content and flows, also where these were changed since: for one
        whose `train_again` is true.
        """
        version = services.version_train_again(version=self.version(), user=self.person)
        monitor.wake()
        return Response(self.document(version), status=201)


class DeploymentAccessView(ApiView):
    """Whether the person may talk to a running assistant; the chat bridge asks with their token."""

    required_permissions = {"GET": None}

    @extend_schema(responses={204: None})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Ask whether you may chat with a running assistant.

        204: you may. The chat bridge asks this with your token.
        """
        assistant_id = assistant_of_deployment(kwargs["deployment"])
        try:
            access(self.person, assistant_id, Permission.ASSISTANT_TRY)
        except MissingPermission:  # as if it were not there
            raise NotFound("There is no such assistant.") from None
        return Response(status=204)


class VersionLogView(VersionView):
    required_permissions = view_and_edit()
    failures = {"GET": (ModelServiceUnavailable,)}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "offset",
                {"type": "integer", "minimum": 0, "maximum": 10**_OFFSET_DIGITS - 1},
                description="Bytes that are known; while it is trained, the answer is what "
                "follows. Its header Log-From says where that begins, Log-Offset what to ask for "
                "next.",
            )
        ],
        responses={(200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Read the log of a training.

        As text. While it is trained, ask with `offset` for what is new.
        """
        offset = self.word("offset") or "0"
        if not offset.isascii() or not offset.isdecimal() or len(offset) > _OFFSET_DIGITS:
            raise Invalid("offset must be a number of bytes.")
        part = log_part(self.version(), int(offset))
        headers = {"Log-From": str(part.begins), "Log-Offset": str(part.ends)}
        return HttpResponse(part.text, content_type="text/plain; charset=utf-8", headers=headers)


class VersionRunningLogView(VersionView):
    """What the running assistant writes; output of its custom actions is marked `[actions]`."""

    required_permissions = {"GET": Permission.ASSISTANT_TRY}
    failures = {"GET": (ModelServiceUnavailable,)}

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Read the log of a running version.

        The end of what the assistant writes; lines of its custom actions begin with
        `[actions]`.
        """
        text = running_log(self.version())
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


class VersionModelView(VersionView):
    """The trained model, as the model service made it; from S3 directly where models are there."""

    required_permissions = {"GET": Permission.MODEL_DOWNLOAD}
    failures = {"GET": (StorageUnavailable, ModelServiceUnavailable)}

    @extend_schema(responses={(200, "application/gzip"): OpenApiTypes.BINARY, 302: None})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Download a model.

        As the training made it. Where models are kept in a bucket the answer is 302 to a signed
        address.
        """
        version = self.version()
        link = model_link(version.model_name) if version.model_name else None
        if link is not None:
            services.audit(Action.MODEL_DOWNLOADED, version)
            return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})
        chunks = model_chunks(version)
        services.audit(Action.MODEL_DOWNLOADED, version)
        name = f"{version.model_name}.tar.gz"
        return StreamedResponse(
            chunks,
            content_type="application/gzip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class VersionModelLinkView(VersionView):
    """Where a browser finds the model: a page may not follow a redirect to another host."""

    required_permissions = {"GET": Permission.MODEL_DOWNLOAD}
    failures = {"GET": (StorageUnavailable,)}

    @extend_schema(responses=DownloadLinkSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read where a model can be fetched.

        For browsers, which may not follow a redirect to another host. `url` is null where the
        model is answered from here.
        """
        version = self.version()
        link = model_link(version.model_name) if version.model_name else None
        if link is not None:
            services.audit(Action.MODEL_DOWNLOADED, version)
        return Response({"url": link}, headers={"Cache-Control": "no-store"})


class VersionInputView(VersionView):
    """What the training was given, as a project."""

    required_permissions = {"GET": Permission.MODEL_DOWNLOAD}

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Download what a version was trained from.

        As a zip of a Rasa project.
        """
        version = self.version()
        name = f"version-{version.number}-input.zip"
        services.audit(Action.TRAINING_INPUT_DOWNLOADED, version)
        return HttpResponse(
            pack_files(services.input_of(version).as_files()),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class VersionChangesView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=FlowChangeSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List what changed since the last training.

        One entry for each flow of the branch.
        """
        return Response(training_changes(self.branch()))


class VersionFlowsView(VersionView):
    required_permissions = view_and_edit()

    @extend_schema(responses=VersionFlowsSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read the flows of a version.

        The flows, responses, slots and actions that it was trained from.
        """
        return Response(version_flows(self.version()))
