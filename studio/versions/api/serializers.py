"""Shapes of the REST contract: versions."""

from rest_framework import serializers

from studio.accounts.api.fields import PersonField, Serializer, TextField
from studio.content.api.item_serializers import body_field
from studio.versions.lifecycle import Status


class VersionErrorSerializer(Serializer):
    message = serializers.CharField()
    detail = serializers.CharField(required=False)
    flow = serializers.CharField(required=False, allow_null=True)
    log_line = serializers.IntegerField(required=False, allow_null=True)


class VersionWarningSerializer(Serializer):
    message = serializers.CharField()
    flow = serializers.CharField(allow_null=True, help_text="The flow that it is about, if any")


class VersionSerializer(Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    note = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    progress = serializers.IntegerField(min_value=0, max_value=100)
    phase = serializers.ChoiceField(choices=["check", "package", "train", "start"], allow_null=True)
    error = VersionErrorSerializer(allow_null=True)
    warnings = VersionWarningSerializer(many=True)
    chat_url = serializers.CharField(allow_null=True)
    flows = serializers.ListField(child=serializers.CharField())
    runtime = serializers.CharField()
    queue_position = serializers.IntegerField(
        allow_null=True, help_text="Where it waits for a place at the model service: 1 is next"
    )
    model_name = serializers.CharField()
    train_again = serializers.BooleanField(
        help_text="Another release made its model: it cannot be started before it is trained again"
    )
    created_at = serializers.DateTimeField()
    created_by = PersonField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.FloatField(allow_null=True)


class VersionCreateSerializer(Serializer):
    flows = serializers.ListField(
        child=TextField(),
        min_length=1,
        allow_null=True,
        required=False,
        help_text="Ids of the flows to train; null: all",
    )
    name = TextField(required=False, allow_blank=True, max_length=128)
    note = TextField(required=False, allow_blank=True, max_length=5000)


class VersionUpdateSerializer(Serializer):
    name = TextField(required=False, allow_blank=True, max_length=128)
    note = TextField(required=False, allow_blank=True, max_length=5000)


class FlowChangeSerializer(Serializer):
    flow = serializers.CharField()
    name = serializers.CharField()
    change = serializers.ChoiceField(choices=[(c, c) for c in ("new", "changed", "none")])
    change_count = serializers.IntegerField()
    error_count = serializers.IntegerField()


class TestRunCreateSerializer(Serializer):
    path = TextField(default=".", help_text="`.`, a file, or `file::case`")


class TestLineSerializer(Serializer):
    """One thing that was said or happened in a conversation of a test."""

    who = serializers.ChoiceField(choices=["user", "bot", "slot", "flow", "action"])
    text = serializers.CharField(required=False, allow_null=True)
    response = serializers.CharField(
        required=False, allow_null=True, help_text="Of the bot: what it is called"
    )
    name = serializers.CharField(required=False, help_text="Of a slot or an action")
    value = serializers.JSONField(required=False, help_text="Of a slot: any JSON")
    filled_by = serializers.CharField(
        required=False, allow_null=True, help_text="Of a slot that the user's words filled"
    )
    event = serializers.ChoiceField(
        choices=["flow_started", "flow_completed", "flow_cancelled"],
        required=False,
        help_text="Of a flow",
    )
    flow_id = serializers.CharField(required=False, help_text="Of a flow")


class TestFailureSerializer(Serializer):
    line = serializers.IntegerField()
    after = serializers.CharField(allow_null=True, help_text="The last message before it")
    assertion = serializers.CharField(help_text="What did not hold, such as `utter`")
    expected = serializers.JSONField(help_text="As the test has it: any JSON")
    problem = serializers.CharField()


class TestNotJudgedSerializer(Serializer):
    line = serializers.IntegerField()
    assertion = serializers.CharField()
    problem = serializers.CharField()


class TestCaseSerializer(Serializer):
    name = serializers.CharField()
    file = serializers.CharField()
    passed = serializers.BooleanField()
    milliseconds = serializers.FloatField()
    transcript = TestLineSerializer(many=True)
    failure = TestFailureSerializer(allow_null=True)
    not_judged = TestNotJudgedSerializer(
        many=True,
        required=False,
        help_text="Assertions that only a language model can judge, where there is none",
    )


class TestAcceptSerializer(Serializer):
    tests = serializers.ListField(
        child=TextField(max_length=1500),
        allow_empty=False,
        max_length=1000,
        help_text="Each as `file::name`",
    )


class TestAcceptedSerializer(Serializer):
    commit = serializers.IntegerField(help_text="Its number: to undo it, restore the one before")


class TestMissingStepSerializer(Serializer):
    step_id = serializers.CharField()
    line = serializers.IntegerField(allow_null=True)


class TestCoverageSerializer(Serializer):
    flow_id = serializers.CharField()
    coverage = serializers.FloatField(help_text="Share of the steps that were reached, 0 to 1")
    steps = serializers.IntegerField()
    missing = TestMissingStepSerializer(many=True)


class TestResultSerializer(Serializer):
    """What the runner says of all cases; it may say more."""

    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    cases = TestCaseSerializer(many=True)
    coverage = TestCoverageSerializer(many=True)


class TestRunSerializer(Serializer):
    """`result` is there once the run is done."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["running", "stopped", "done", "error"])
    problem = serializers.CharField(allow_null=True)
    logs = serializers.CharField()
    result = TestResultSerializer(allow_null=True)


def bodies_by_id(name: str) -> serializers.DictField:
    return serializers.DictField(child=body_field(name)())


class VersionFlowsSerializer(Serializer):
    flows = bodies_by_id("FlowBody")
    responses = bodies_by_id("ResponseBody")
    slots = bodies_by_id("SlotBody")
    actions = serializers.ListField(child=serializers.CharField())
