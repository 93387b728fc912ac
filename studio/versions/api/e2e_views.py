"""End-to-end tests of an assistant, run against a version."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView
from studio.content.errors import BranchProtected, TooLarge
from studio.model_service.errors import DiskFull, ModelServiceUnavailable, TooManyBots
from studio.versions import e2e
from studio.versions.api.serializers import (
    TestAcceptedSerializer,
    TestAcceptSerializer,
    TestRunCreateSerializer,
    TestRunSerializer,
)
from studio.versions.api.views import VersionView
from studio.versions.errors import NotPossibleNow, TestsNotOffered, TestsRefused
from studio.versions.models import Version


class TestRunsView(VersionView):
    required_permissions = {"POST": Permission.ASSISTANT_TRY}
    failures = {
        "POST": (
            TestsRefused,
            TestsNotOffered,
            NotPossibleNow,
            TooManyBots,
            DiskFull,
            ModelServiceUnavailable,
        )
    }

    @extend_schema(request=TestRunCreateSerializer, responses={201: TestRunSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Run end-to-end tests.

        Of the files that the version was trained from, against its model. Ask for the run until
        its `status` is no longer `running`.
        """
        version = self.version()
        data = self.validated(TestRunCreateSerializer)
        run_id = e2e.run_start(version=version, path=data["path"])
        return Response(_run_document(version, run_id), status=201)


class TestAcceptView(ContentView, VersionView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {
        "POST": (
            NotPossibleNow,
            TestsNotOffered,
            ModelServiceUnavailable,
            TooLarge,
            BranchProtected,
        )
    }

    @extend_schema(request=TestAcceptSerializer, responses=TestAcceptedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Accept what a test run saw.

        In each of these tests, which failed, the expectation that did not hold is replaced by what
        happened instead, or taken away where nothing did; as one commit. What else a test expects
        stays: run it again.
        """
        data = self.validated(TestAcceptSerializer)
        made = e2e.failures_accept(
            version=self.version(),
            run_id=kwargs["run_id"],
            tests=data["tests"],
            author=self.author(),
        )
        return Response({"commit": made.number})


class TestRunView(VersionView):
    required_permissions = dict.fromkeys(("GET", "DELETE"), Permission.ASSISTANT_TRY)
    failures = {
        "GET": (TestsNotOffered, ModelServiceUnavailable),
        "DELETE": (TestsNotOffered, ModelServiceUnavailable),
    }

    @extend_schema(responses=TestRunSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read a test run.

        Its status, its log, and, when it is done, the result of each case.
        """
        return Response(_run_document(self.version(), self.kwargs["run_id"]))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Stop and forget a test run.

        What it wrote is deleted.
        """
        e2e.run_forget(self.version(), self.kwargs["run_id"])
        return Response(status=204)


def _run_document(version: Version, run_id: UUID) -> dict[str, Any]:
    state = e2e.run_state(version, run_id)
    return {"id": run_id, **{key: state[key] for key in ("status", "problem", "logs", "result")}}
