"""What the model service is given: the files of a training, of the content of a commit."""

import base64
import re
from dataclasses import dataclass, field
from typing import Any, cast

from modelservice.project.checks.content import Content
from modelservice.project.checks.validate import unsound_patterns
from modelservice.project.config_text import read_map, with_assistant_id
from modelservice.project.documents import (
    domain_document,
    flows_document,
    list_document,
    nlu_document,
)
from modelservice.project.model import Kind, TextKind
from modelservice.project.yaml_writer import to_yaml
from modelservice.wire import BotConfig, TrainingConfig, TrainingData
from studio.versions.project_files import encoded_files
from studio.versions.trained_content import TrainedContent, TrainedItem

_PROMPT_FILE = re.compile(r"prompts/(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{0,90})\.jinja2")
# Types of `event_broker` that publish to Kafka.
_KAFKA = ("kafka", "concurrent_kafka")
# The channel of the chat beside the canvas, as Studio 1.x configures it (model_service_api §8).
_CHAT_CHANNEL = {
    "user_message_evt": "user_message",
    "bot_message_evt": "bot_message",
    "session_persistence": True,
}


@dataclass(slots=True)
class TrainingInput:
    """Texts by the name of the file without suffix, prompts by theirs; prompts that lie elsewhere
    (`templates`) and documents by path; `kept` are other files of the project, path to the id of
    the blob."""

    files: dict[str, str]
    prompts: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)

    def training_config(self) -> TrainingConfig:
        data: dict[str, Any] = {name: _base64(text) for name, text in self.files.items()}
        if self.prompts:
            data["prompts"] = self.prompts
        if self.templates:
            data["templates"] = self.templates
        if self.documents:
            data["documents"] = self.documents
        return TrainingConfig(data=cast("TrainingData", data))

    def bot_config(self) -> BotConfig:
        names = ("config", "endpoints", "credentials")
        data: dict[str, Any] = {name: _base64(self.files[name]) for name in names}
        if self.prompts:
            data["prompts"] = self.prompts
        if files := encoded_files(self.files["endpoints"], self.kept):
            data["files"] = files
        return cast("BotConfig", data)

    def as_files(self) -> dict[str, bytes]:
        """For download, laid out as a project."""
        folders = {"flows": "data/", "nlu": "data/", "stories": "data/", "rules": "data/"}
        files = {
            f"{folders.get(name, '')}{name}.yml": text.encode() for name, text in self.files.items()
        }
        prompts = {_prompt_path(name): text.encode() for name, text in self.prompts.items()}
        documents = {path: text.encode() for path, text in self.documents.items()}
        templates = {path: text.encode() for path, text in self.templates.items()}
        return {**documents, **templates, **files, **prompts}


def training_input(
    content: TrainedContent, *, assistant_id: str, events_file: str, reads_kafka: bool
) -> TrainingInput:
    """`events_file` is where the bot writes its events, in place of the author's own broker; a
    Kafka of theirs stays where Studio reads one. Instead of a system flow that cannot be trained
    with the others, Rasa's own is, and a warning says so."""
    texts = content.texts
    content, left_out = _with_sound_patterns(content)
    files = {
        "config": with_assistant_id(texts.get(TextKind.CONFIG, ""), assistant_id),
        "domain": to_yaml(domain_document(content.items)),
        "endpoints": _endpoints(
            texts.get(TextKind.ENDPOINTS, ""), events_file, reads_kafka=reads_kafka
        ),
        "credentials": _credentials(texts.get(TextKind.CREDENTIALS, "")),
    }
    documents = {
        "flows": flows_document(content.items),
        "nlu": nlu_document(content.items),
        "stories": list_document(content.items, "stories"),
        "rules": list_document(content.items, "rules"),
    }
    files |= {name: to_yaml(document) for name, document in documents.items() if document}
    prompts = _prompts(content.items)
    templates = {
        path: text
        for path, text in content.templates.items()
        if path not in map(_prompt_path, prompts)
    }
    return TrainingInput(
        files, prompts, templates, content.documents.texts, left_out, content.files
    )


def _with_sound_patterns(content: TrainedContent) -> tuple[TrainedContent, list[str]]:
    unsound = unsound_patterns(
        Content({(item.kind, item.key): item.body for item in content.items})
    )
    kept = [
        item for item in content.items if item.kind != Kind.SYSTEM_FLOW or item.key not in unsound
    ]
    warnings = [
        f"{key} was left out, and the default is used instead: {reason}"
        for key, reason in sorted(unsound.items())
    ]
    return content._replace(items=kept), warnings


def _endpoints(text: str, events_file: str, *, reads_kafka: bool) -> str:
    endpoints = read_map(text, "endpoints.yml")
    broker = endpoints.get("event_broker")
    publishes = isinstance(broker, dict) and broker.get("type") in _KAFKA
    if not (reads_kafka and publishes):
        endpoints["event_broker"] = {"type": "file", "path": events_file}
    return to_yaml(endpoints)


def _credentials(text: str) -> str:
    credentials = read_map(text, "credentials.yml")
    credentials.setdefault("rest", None)
    credentials["studio_chat"] = _CHAT_CHANNEL
    return to_yaml(credentials)


def _prompts(items: list[TrainedItem]) -> dict[str, str]:
    """Those that lie where the model service writes prompts, which it takes by name."""
    prompts = {}
    for item in items:
        match = _PROMPT_FILE.fullmatch(item.key) if item.kind == Kind.PROMPT else None
        if match is not None:
            prompts[match["name"]] = item.body["text"]
    return prompts


def _prompt_path(name: str) -> str:
    return f"prompts/{name}.jinja2"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
