"""End-to-end tests of an assistant: read, written and recorded."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.e2e_recording import recorded
from studio.accounts.permissions import Permission
from studio.assistants.errors import NameTaken
from studio.common.errors import Invalid
from studio.content.api.base import REVISION, ContentView, view_and_edit
from studio.content.api.e2e_serializers import (
    TestCreateSerializer,
    TestDetailSerializer,
    TestFileSerializer,
    TestRecordSerializer,
    TestRenameSerializer,
    TestUpdateSerializer,
    TestYamlSerializer,
    TestYamlUpdateSerializer,
)
from studio.content.errors import BranchProtected, RevisionConflict, TooLarge
from studio.content.models import Item
from studio.content.selectors.e2e_tests import (
    SEPARATOR,
    case_document,
    test_file_documents,
    yaml_document,
)
from studio.content.selectors.files import file_get
from studio.content.services import e2e_tests as services

NOTHING_SAID = "Nothing was said in this conversation yet: there is nothing to test."


class TestsView(ContentView):
    required_permissions = view_and_edit("POST")
    failures = {"POST": (NameTaken, TooLarge, BranchProtected)}
    pagination_class = None

    @extend_schema(responses=TestFileSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List end-to-end tests.

        The test files of the branch with the tests in them, wherever they lie in the project.
        """
        return Response(test_file_documents(self.branch()))

    @extend_schema(request=TestCreateSerializer, responses={201: TestDetailSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add an end-to-end test.

        To a file of tests, which is made where it is missing; the other tests and the comments of
        the file stay as they are.
        """
        data = self.validated(TestCreateSerializer)
        item, name = services.case_create(
            branch=self.branch(),
            written=data["body"],
            path=data.get("path", ""),
            place=data.get("place"),
            author=self.author(),
        )
        return Response(case_document(item, name), status=201)


class TestRecordView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (TooLarge, BranchProtected)}

    @extend_schema(request=TestRecordSerializer, responses={201: TestDetailSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Save a talk as a test.

        Of the events of a tracker: what the user said since the session began, and what has to
        happen again after each message (flows, slots, answers). Its name is free in the file.
        """
        data = self.validated(TestRecordSerializer)
        body = recorded(data["events"], data.get("name", ""))
        if body is None:
            raise Invalid(NOTHING_SAID)
        item, name = services.case_create(
            branch=self.branch(),
            written=body,
            path=data.get("path", ""),
            author=self.author(),
            free_name=True,
        )
        return Response(case_document(item, name), status=201)


class _OneTest(ContentView):
    """A view of the test `file::name`."""

    def found(self) -> tuple[Item, str]:
        """Its file, and its name."""
        path, _, name = str(self.kwargs["test_id"]).partition(SEPARATOR)
        return file_get(self.branch(), path), name

    def save(self, data: dict[str, Any]) -> None:
        services.case_update(
            branch=self.branch(),
            test=self.kwargs["test_id"],
            written=data["body"],
            revision=data["revision"],
            author=self.author(),
        )


class TestView(_OneTest):
    required_permissions = view_and_edit("PUT", "DELETE")
    failures = {
        "PUT": (RevisionConflict, TooLarge, BranchProtected),
        "DELETE": (RevisionConflict, BranchProtected),
    }

    @extend_schema(responses=TestDetailSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read an end-to-end test.

        Its id is `file::name`, as the runner takes it.
        """
        return Response(case_document(*self.found()))

    @extend_schema(request=TestUpdateSerializer, responses=TestDetailSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace an end-to-end test.

        Send its body with the revision that the test was read at. Of its lines those stay that
        mean what they meant. Changes of other tests since do not matter; where somebody changed
        this one, the answer is 409 `revision_conflict`.
        """
        self.save(self.validated(TestUpdateSerializer))
        return Response(case_document(*self.found()))

    @extend_schema(parameters=[REVISION], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete an end-to-end test.

        Its lines and the comment above them; to have it again, add its YAML at its `place`.
        """
        services.case_delete(
            branch=self.branch(),
            test=kwargs["test_id"],
            revision=self.revision(),
            author=self.author(),
        )
        return Response(status=204)


class TestYamlView(_OneTest):
    required_permissions = view_and_edit("PUT")
    failures = {"PUT": (RevisionConflict, TooLarge, BranchProtected)}

    @extend_schema(responses=TestYamlSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read an end-to-end test as YAML.

        Its lines as YAML of its own, with its comments.
        """
        return Response(yaml_document(*self.found()))

    @extend_schema(request=TestYamlUpdateSerializer, responses=TestYamlSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Write an end-to-end test as YAML.

        As in replacing its body; comments are taken as they are sent. A text that is no test is
        refused with the line, and nothing is saved.
        """
        self.save(self.validated(TestYamlUpdateSerializer))
        return Response(yaml_document(*self.found()))


class TestRenameView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, TooLarge, BranchProtected)}

    @extend_schema(request=TestRenameSerializer, responses=TestDetailSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename an end-to-end test.

        Stubs of actions that are for this test alone follow.
        """
        data = self.validated(TestRenameSerializer)
        item = services.case_rename(
            branch=self.branch(),
            test=kwargs["test_id"],
            new=data["name"],
            revision=data["revision"],
            author=self.author(),
        )
        return Response(case_document(item, data["name"]))
