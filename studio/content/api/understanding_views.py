"""Intents, entities, lists of words, and the examples that teach them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.permissions import Permission
from studio.assistants.errors import NameTaken
from studio.common.errors import NotFound
from studio.content.api.base import DELETED, REVISION, SEARCH, ContentView, view_and_edit
from studio.content.api.item_serializers import ItemUpdateSerializer
from studio.content.api.item_shapes import SHAPES, item_of, items_of
from studio.content.api.item_views import ItemsView, ItemView
from studio.content.api.revisions import ETAG, IF_MATCH
from studio.content.api.understanding_serializers import (
    ClosePairSerializer,
    EntityRenameSerializer,
    EntitySerializer,
    ExampleChangesSerializer,
    ExamplesChangedSerializer,
    IntentExamplesSerializer,
    IntentRenameSerializer,
    IntentSerializer,
    NameChangedSerializer,
    WordListSerializer,
)
from studio.content.errors import (
    BranchProtected,
    ExampleChanged,
    PreconditionFailed,
    RevisionConflict,
)
from studio.content.models import Door
from studio.content.selectors import understanding
from studio.content.selectors.close_examples import close_pairs
from studio.content.services import understanding as services
from studio.content.services.items import ID_PATTERNS
from studio.content.services.understanding import ExampleChange


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=IntentSerializer(many=True))
)
@items_of(Kind.INTENT)
class IntentsView(ItemsView):
    kind = Kind.INTENT

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return understanding.intent_list(self.branch(), search=search, deleted=deleted)


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=EntitySerializer(many=True))
)
@items_of(Kind.ENTITY)
class EntitiesView(ItemsView):
    kind = Kind.ENTITY

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return understanding.entity_list(self.branch(), search=search, deleted=deleted)


@extend_schema_view(
    get=extend_schema(parameters=[SEARCH, DELETED], responses=WordListSerializer(many=True))
)
@items_of(Kind.NLU)
class WordListsView(ItemsView):
    """Synonyms, look-ups and regular expressions of the training data."""

    kind = Kind.NLU

    def rows(self, search: str, *, deleted: bool) -> Sequence[dict[str, Any]]:
        return understanding.word_lists(self.branch(), search=search, deleted=deleted)

    @extend_schema(request=SHAPES[Kind.NLU].create, responses={201: SHAPES[Kind.NLU].detail})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Create a list of words.

        Its id is its kind and its name, such as `lookup:city`; its body says the same.
        """
        data = self.validated(SHAPES[Kind.NLU].create)
        services.check_word_list(data["id"], data["body"])
        return super().post(request, **kwargs)


@item_of(Kind.INTENT)
class IntentView(ItemView):
    kind = Kind.INTENT

    @extend_schema(parameters=[REVISION, IF_MATCH], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete an intent.

        With its examples. One that starts a flow or fills a slot is not deleted: the answer is
        409 `in_use`.
        """
        with self.at_wanted_revision():
            services.intent_delete(
                branch=self.branch(),
                key=kwargs["item_id"],
                revision=self.revision(),
                author=self.author(),
            )
        return Response(status=204)


@item_of(Kind.ENTITY)
class EntityView(ItemView):
    kind = Kind.ENTITY

    @extend_schema(parameters=[REVISION, IF_MATCH], responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Delete an entity.

        One that examples mark or that fills a slot is not deleted: the answer is 409 `in_use`.
        """
        with self.at_wanted_revision():
            services.entity_delete(
                branch=self.branch(),
                key=kwargs["item_id"],
                revision=self.revision(),
                author=self.author(),
            )
        return Response(status=204)


@item_of(Kind.NLU)
class WordListView(ItemView):
    kind = Kind.NLU

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Entries of other kinds are no lists: the examples of an intent are changed elsewhere."""
        super().initial(request, *args, **kwargs)
        key = kwargs["item_id"]
        if not ID_PATTERNS[Kind.NLU].fullmatch(key):
            raise NotFound(f"There is no list of words “{key}”.")

    @extend_schema(
        parameters=[IF_MATCH, ETAG],
        request=SHAPES[Kind.NLU].update,
        responses=SHAPES[Kind.NLU].detail,
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Replace a list of words.

        Send the new body with the revision that it was made from; its kind and name stay.
        """
        data = self.validated(ItemUpdateSerializer)
        services.check_word_list(kwargs["item_id"], data["body"])
        return super().put(request, **kwargs)


class IntentRestoreView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, BranchProtected)}

    @extend_schema(request=None, responses=IntentExamplesSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Bring an intent back.

        The one of that name that was deleted last, with its examples.
        """
        branch, key = self.branch(), kwargs["item_id"]
        services.intent_restore(branch=branch, key=key, author=self.author(door=Door.RESTORE))
        return Response(understanding.intent_document(branch, key))


class IntentExamplesView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(responses=IntentExamplesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read the examples of an intent.

        All of them, in the order of the files, with the flows that it starts.
        """
        return Response(understanding.intent_document(self.branch(), kwargs["item_id"]))


class ExamplesView(ContentView):
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (ExampleChanged, BranchProtected)}

    @extend_schema(request=ExampleChangesSerializer, responses=ExamplesChangedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Change examples.

        Add, reword, move and remove examples of intents, in one commit, all or nothing. An
        example is known by its intent and its words, so what others do to others stays. Swap
        `was` and `becomes` to undo.
        """
        data = self.validated(ExampleChangesSerializer)
        made = services.examples_change(
            branch=self.branch(),
            changes=[
                ExampleChange(_place(one["was"]), _place(one["becomes"]), one.get("position"))
                for one in data["changes"]
            ],
            author=self.author(),
        )
        return Response({"commit": None if made is None else made.number})


def _place(side: dict[str, str] | None) -> tuple[str, str] | None:
    return None if side is None else (side["intent"], side["text"])


class ClosePairsView(ContentView):
    required_permissions = view_and_edit()
    pagination_class = None

    @extend_schema(responses=ClosePairSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List examples that pull in two directions.

        Pairs of different intents that are nearly the same in words, the nearest first, at most
        100. They are hints and keep nothing from being trained.
        """
        return Response(close_pairs(self.branch()))


class _RenameView(ContentView):
    kind: ClassVar[Kind]
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (NameTaken, RevisionConflict, PreconditionFailed, BranchProtected)}


class IntentRenameView(_RenameView):
    kind = Kind.INTENT

    @extend_schema(request=IntentRenameSerializer, responses=NameChangedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename an intent.

        Flows that it starts, slots, buttons, stories and its examples follow, in one commit;
        `left` are files that seem to name it and were not changed.
        """
        data = self.validated(IntentRenameSerializer)
        old, new = kwargs["item_id"], data["id"]
        left = services.intent_rename(
            branch=self.branch(),
            key=old,
            new=new,
            revision=data["revision"],
            author=self.author(f"“{old}” is now called “{new}”"),
        )
        return Response({"id": new, "left": left})


class EntityRenameView(_RenameView):
    kind = Kind.ENTITY

    @extend_schema(request=EntityRenameSerializer, responses=NameChangedSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename an entity.

        Marks in examples, its lists, slots that are filled from it and buttons follow, in one
        commit; `left` are files that seem to name it and were not changed.
        """
        data = self.validated(EntityRenameSerializer)
        old, new = kwargs["item_id"], data["id"]
        left = services.entity_rename(
            branch=self.branch(),
            key=old,
            new=new,
            revision=data["revision"],
            author=self.author(f"“{old}” is now called “{new}”"),
        )
        return Response({"id": new, "left": left})
