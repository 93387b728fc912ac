"""Wire types of the model service's REST (the 1.x layout of Rasa's own model service).

The one module of the model service that the backend imports, so that Rasa's service can stand in
the place of ours. What we add to the layout is the last part; the backend can do without.
"""

from typing import Any, Literal, NotRequired, TypedDict

# Holds the secret that backend and model service share; Rasa's service does not look at it.
SECRET_HEADER = "X-Model-Service-Secret"  # noqa: S105  a name

# "queued" is ours: it waits for a place, where the operator lets trainings wait.
TrainingStatus = Literal["queued", "running", "stopped", "done", "error"]
BotStatus = Literal["queued", "running", "stopped"]


class TrainingData(TypedDict, total=False):
    """Each file as base64 of its UTF-8 text, but `prompts`, which are plain text by name (they
    become `prompts/<name>.jinja2`), `templates`, prompts that lie elsewhere, and `documents`, both
    by path: Rasa's service takes no notice of these two."""

    domain: str
    flows: str
    config: str
    endpoints: str
    credentials: str
    nlu: str
    stories: str
    rules: str
    prompts: dict[str, str]
    templates: dict[str, str]
    documents: dict[str, str]


class TrainingConfig(TypedDict):
    data: TrainingData


class TrainingRequest(TypedDict):
    """Body of `POST /training`. `id` is single use; `client_id` names who asks."""

    id: str
    assistant_id: str
    client_id: str
    deploy: NotRequired[bool]
    bot_config: TrainingConfig


class TrainingStarted(TypedDict):
    """The model's name is final and known at once, without `.tar.gz`."""

    training_id: str
    model_name: str


class TrainingState(TypedDict):
    """`progress` is 0 while running and 100 when finished, whatever the end; `logs` is the whole
    output of the process (absent in lists). `position` (1 is next), `runtime`, `error` (why it
    failed, in a sentence), `model_id` (what the finished archive calls itself) and `model_format`
    (see `common.model_format`; null for a model of Rasa's) are ours: Rasa's service has none of
    them. Nor has it the query parameter `log_offset`, by which `logs` is what has been written
    since; `log_from` and `log_offset` say where that begins and where to ask next.
    """

    training_id: str
    assistant_id: str
    client_id: str
    progress: int
    model_name: str
    status: TrainingStatus
    logs: NotRequired[str]
    position: NotRequired[int]
    runtime: NotRequired[str]
    error: NotRequired[str | None]
    model_id: NotRequired[str | None]
    model_format: NotRequired[int | None]
    log_from: NotRequired[int]
    log_offset: NotRequired[int]


class BotConfig(TypedDict, total=False):
    """Each file as base64, `prompts` as plain text. `files` are further files of the project by
    path, for its actions: for our runtime, Rasa's service takes no notice of them."""

    config: str
    endpoints: str
    credentials: str
    prompts: dict[str, str]
    files: dict[str, str]


class BotRequest(TypedDict):
    """Body of `POST /bot`. A deployment id is single use."""

    deployment_id: str
    model_name: str
    bot_config: BotConfig


class BotState(TypedDict):
    deployment_id: str
    status: BotStatus
    url: str
    returncode: NotRequired[int | None]
    logs: NotRequired[str]
    runtime: NotRequired[str]
    error: NotRequired[str | None]
    model_format: NotRequired[int | None]
    log_from: NotRequired[int]
    log_offset: NotRequired[int]


class Message(TypedDict):
    """Body of every simple error."""

    message: str


# -- what we add -----------------------------------------------------------------------------------


class Parsed(TypedDict, total=False):
    """Answer of `POST /bot/{deployment_id}/parse`: what the assistant's own `/model/parse` says.
    Rasa's knows no `no_intent`, `words`, `matches` and `reason`."""

    text: str
    intent: dict[str, Any]
    entities: list[dict[str, Any]]
    commands: list[dict[str, Any]]
    intent_ranking: list[dict[str, Any]]
    no_intent: float
    words: list[dict[str, Any]]
    matches: list[dict[str, Any]]
    no_flow: float
    reason: str
    generator: str
    milliseconds: float


class PromptMade(TypedDict):
    """Answer of `POST /bot/{deployment_id}/prompt`. Either of them is empty."""

    prompt: str
    problem: str


class ModelTried(TypedDict):
    """Answer of `POST /llm/try`. Either `answer` or `problem` is empty; `status` is what the
    model's server answered, null where it answered nothing."""

    model: str
    answer: str
    problem: str
    status: int | None
    milliseconds: float
    usage: dict[str, int]


class ActionServerChecked(TypedDict):
    """Answer of `POST /action-server/check`. `status` is that of the answer, null where there was
    none."""

    state: Literal["reachable", "refused", "timed_out", "other"]
    status: int | None
    milliseconds: float


class TestRequest(TypedDict):
    """Body of `POST /test`. `files` are texts by path, `path` is `.` for all of them, one of them,
    or `file::case`. Whatever is wrong with it, the answer is never 404: that comes only from a
    service without the route."""

    id: str
    model_name: str
    bot_config: BotConfig
    files: dict[str, str]
    path: str


class TestState(TypedDict):
    """`problem` says why there is no result; `result` is the runner's JSON once the run is done.
    `logs` has a line `passed: …` or `FAILED: …` for each case as it ends."""

    test_id: str
    model_name: str
    status: TrainingStatus
    problem: str | None
    logs: str
    result: dict[str, Any] | None


class ActionRequest(TypedDict):
    """Body of `POST /action`. `bot_config` has domain, config and endpoints as base64, and `files`
    as that of a bot."""

    action: str
    slots: dict[str, Any]
    bot_config: dict[str, Any]


class ActionRun(TypedDict):
    """What an action did. `events` are what a conversation would take over, bot messages as they
    would be said; `problem` says why there are none, at `line` of `file` where that is known;
    `rejected` that the action refused. `problems` are of what it was to say; `output` is what it
    printed, with tracebacks. `seconds` is null where it did not come to an end."""

    events: list[dict[str, Any]]
    problems: list[str]
    problem: str | None
    rejected: bool
    file: str | None
    line: int | None
    output: str
    seconds: float | None
