"""What has to do with a slot."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from modelservice.project.model import Kind
from studio.accounts.api.fields import NumberField, Serializer, TextField
from studio.accounts.permissions import Permission
from studio.content.api.base import ContentView, view_and_edit
from studio.content.api.item_shapes import SlotRenamedSerializer
from studio.content.api.item_views import SingleItemView
from studio.content.api.revisions import IF_MATCH
from studio.content.errors import BranchProtected, PreconditionFailed, RevisionConflict
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_get
from studio.content.selectors.slot_uses import slot_uses
from studio.content.selectors.slot_values import value_uses
from studio.content.services.slots import slot_value_rename

STEP_WAYS = ["asks", "sets", "reads"]
RESPONSE_WAYS = ["shows", "reads"]


class SlotStepSerializer(Serializer):
    flow = serializers.CharField()
    flow_name = serializers.CharField()
    step = serializers.CharField(allow_null=True, help_text="null: the guard of the flow")
    how = serializers.ChoiceField(choices=STEP_WAYS)


class SlotResponseSerializer(Serializer):
    response = serializers.CharField()
    how = serializers.ChoiceField(choices=RESPONSE_WAYS)


class SlotUsesSerializer(Serializer):
    flows = SlotStepSerializer(many=True)
    responses = SlotResponseSerializer(many=True)
    slots = serializers.ListField(
        child=serializers.CharField(), help_text="Slots whose validation reads it"
    )
    texts = serializers.ListField(
        child=serializers.CharField(), help_text="Paths of tests, code and prompts that name it"
    )


class SlotUsesView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(responses=SlotUsesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the uses of a slot.

        Steps that ask for it, set it or read it, responses that show it or depend on it, and the
        files that name it.
        """
        branch = self.branch()
        return Response(slot_uses(branch, item_get(branch, Kind.SLOT, kwargs["item_id"]).key))


class SlotValueUseSerializer(Serializer):
    kind = serializers.CharField(help_text="Of the item; `file`: of tests")
    id = serializers.CharField()
    name = serializers.CharField()


class SlotValueSerializer(Serializer):
    value = serializers.CharField()
    uses = SlotValueUseSerializer(many=True)


class SlotValuesSerializer(Serializer):
    values = SlotValueSerializer(many=True)


class SlotValueRenameSerializer(Serializer):
    value = TextField(max_length=1000, trim_whitespace=False, help_text="One that the slot has")
    new = TextField(max_length=1000, trim_whitespace=False)
    revision = NumberField(min_value=0)


class FollowedSerializer(Serializer):
    kind = serializers.CharField()
    id = serializers.CharField()


class SlotValueRenamedSerializer(SlotRenamedSerializer):
    followed = FollowedSerializer(many=True, help_text="The items that were changed with it")


class SlotValuesView(ContentView):
    required_permissions = view_and_edit()

    @extend_schema(responses=SlotValuesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """List the uses of a slot's values.

        Of each value of a choice slot the items that compare with it, set it or expect it. What
        renaming the value changes, and what removing it leaves without a meaning.
        """
        branch = self.branch()
        slot = item_get(branch, Kind.SLOT, kwargs["item_id"])
        return Response({"values": value_uses(branch, slot)})


class SlotValueRenameView(SingleItemView):
    kind = Kind.SLOT
    required_permissions = {"POST": Permission.CONTENT_EDIT}
    failures = {"POST": (RevisionConflict, PreconditionFailed, BranchProtected)}

    @extend_schema(
        parameters=[IF_MATCH],
        request=SlotValueRenameSerializer,
        responses=SlotValueRenamedSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Rename a value of a slot.

        Conditions, steps that set it, buttons, tests and marked examples of the entities that fill
        the slot are changed with it, in one commit; `left` is what seems to name it and was not
        changed.
        """
        data = self.validated(SlotValueRenameSerializer)
        old, new = data["value"], data["new"]
        with self.at_wanted_revision():
            slot, followed, left = slot_value_rename(
                branch=self.branch(),
                key=kwargs["item_id"],
                value=old,
                new=new,
                revision=data["revision"],
                author=self.author(f"“{old}” of “{kwargs['item_id']}” is now called “{new}”"),
            )
        return Response(
            {
                "slot": item_document(slot),
                "left": left,
                "followed": [{"kind": kind, "id": key} for kind, key in followed],
            }
        )
