"""A client in the shape of the Rasa CLI: its operations, word for word, and how it judges answers
(cli_graphql §3, §4). The real one wants a licence."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.yaml_reader import parse_yaml
from modelservice.project.yaml_writer import to_yaml
from tests.cli.spelled import spelled_out

LICENSE = "query LicenseDetails { licenseDetails { valid scopes __typename } }"
BY_NAME = """
query AssistantByName($input: AssistantByNameInput!) {
  assistantByName(input: $input) {
    ... on Assistant { id name mode }
    ... on AssistantByName_AssistantNotFound { _ }
  }
}
"""
DELETE = """
mutation DeleteAssistant($input: DeleteAssistantInput!) {
  deleteAssistant(input: $input) {
    ... on Assistant { id name }
    ... on DeleteAssistant_AssistantNotFound { _ }
  }
}
"""
UPLOAD = (
    "mutation UploadModernAssistant($input: UploadModernAssistantInput!)"
    "{ uploadModernAssistant(input: $input) }"
)
IMPORT = (
    "mutation ImportFromEncodedYaml($input: ImportFromEncodedYamlInput!)"
    "{ importFromEncodedYaml(input: $input) }"
)
_PROMPTS = "prompts { command_generator contextual_response_rephraser enterprise_search }"
EXPORT = """
query ExportAsEncodedYaml($input: ExportAsEncodedYamlInput!) {
  exportAsEncodedYaml(input: $input) {
    ... on ExportModernAsEncodedYamlOutput { nlu flows domain endpoints config %s }
    ... on ExportClassicAsEncodedYamlOutput { nlu domain }
  }
}
"""
VERSIONS = ("3.11", "3.13", "3.21")
_UPLOADED_DOMAIN = (
    *("version", "actions", "responses", "slots", "intents", "entities", "forms"),
    "session_config",
)
Answer = tuple[int, Any]


class Refused(Exception):
    """What the CLI would print."""


@dataclass
class LocalProject:
    """The files of a project as the CLI reads them, parsed."""

    flows: dict[str, Any] = field(default_factory=dict)
    domain: dict[str, Any] = field(default_factory=dict)
    nlu: list[Any] = field(default_factory=list)
    config: str = ""
    endpoints: str = ""
    prompts: dict[str, str] = field(default_factory=dict)


@dataclass
class CliClient:
    """`post` sends a body to `/api/graphql/` and answers status and JSON."""

    post: Callable[[Mapping[str, Any]], Answer]
    version: str = "3.21"

    def is_signed_in(self) -> bool:
        body = {"operationName": "LicenseDetails", "variables": {}, "query": LICENSE}
        _status, answer = self.post(body)
        return not answer.get("errors")

    def id_of(self, name: str) -> str | None:
        answer = self._judged({"query": BY_NAME, "variables": {"input": {"assistantName": name}}})
        found = answer["data"]["assistantByName"] or {}
        own = found.get("id")
        return own if isinstance(own, str) and own else None

    def delete(self, assistant_id: str) -> None:
        self._judged({"query": DELETE, "variables": {"input": {"assistantId": assistant_id}}})

    def upload(self, name: str, project: LocalProject) -> None:
        domain = {key: project.domain[key] for key in _UPLOADED_DOMAIN if project.domain.get(key)}
        parts = {
            "domain": to_yaml(domain) if domain else "",
            "flows": self._flows(project),
            "config": to_yaml(parse_yaml(project.config, "config.yml").value or {}),
            "endpoints": to_yaml(parse_yaml(project.endpoints, "endpoints.yml").value or {}),
            "nlu": to_yaml({"version": "3.1", "nlu": project.nlu}) if project.nlu else "",
        }
        if self.version != "3.11":
            parts = {key: text for key, text in parts.items() if text}
        prompts = project.prompts if self.version != "3.11" else {}
        self._send(name, parts, prompts)

    def push(self, name: str, project: LocalProject, *, only: str = "") -> None:
        """`only` is config or endpoints."""
        parts = {"config": project.config, "endpoints": project.endpoints}
        if only:
            parts = {only: parts[only]}
        else:
            nlu = {"version": "3.1", "nlu": project.nlu}
            parts |= {
                "flows": self._flows(project),
                "domain": to_yaml(_sorted_intents(project.domain)),
                "nlu": to_yaml(nlu) if project.nlu else "",
            }
        self._send(name, {k: text for k, text in parts.items() if text or k == "nlu"}, {})

    def export(self, name: str, objects: list[dict[str, Any]] | None = None) -> LocalProject:
        """As `download` and `pull` read it; raises Refused with what they print."""
        query = EXPORT % ("" if self.version == "3.11" else _PROMPTS)
        wanted: dict[str, Any] = {"assistantName": name}
        if objects:
            wanted["objects"] = objects
        status, answer = self.post({"query": query, "variables": {"input": wanted}})
        if status != 200:
            raise Refused(f"failed with status code {status}")
        found = (answer.get("data") or {}).get("exportAsEncodedYaml")
        if not found or not (found.get("nlu") or found.get("flows")):
            raise Refused("; ".join(each["message"] for each in answer.get("errors") or []))
        texts = {
            key: base64.b64decode(value).decode()
            for key, value in found.items()
            if isinstance(value, str)
        }
        flows = parse_yaml(texts.get("flows", ""), "flows").value or {}
        return LocalProject(
            flows=flows.get("flows", {}),
            domain=parse_yaml(texts["domain"], "domain").value,
            nlu=(parse_yaml(texts.get("nlu", ""), "nlu").value or {}).get("nlu", []),
            config=texts.get("config", ""),
            endpoints=texts.get("endpoints", ""),
            prompts={k: v for k, v in (found.get("prompts") or {}).items() if v is not None},
        )

    def _flows(self, project: LocalProject) -> str:
        newest = self.version == "3.21"
        flows = {key: spelled_out(key, body, newest=newest) for key, body in project.flows.items()}
        return to_yaml({"flows": flows}) if flows else ""

    def _send(self, name: str, parts: Mapping[str, str], prompts: Mapping[str, str]) -> None:
        wanted: dict[str, Any] = {"assistantName": name}
        wanted |= {key: base64.b64encode(text.encode()).decode() for key, text in parts.items()}
        if prompts:
            wanted["prompts"] = dict(prompts)
        self._judged({"query": UPLOAD, "variables": {"input": wanted}})

    def _judged(self, body: Mapping[str, Any]) -> Any:
        """By the list of errors alone, whatever the status."""
        _status, answer = self.post(body)
        errors = answer.get("errors")
        if isinstance(errors, list) and errors:
            raise Refused("; ".join(each.get("message", "Unknown error") for each in errors))
        return answer


def _sorted_intents(domain: Mapping[str, Any]) -> dict[str, Any]:
    """As Rasa's domain writes them."""
    if "intents" not in domain:
        return dict(domain)
    intents = sorted(
        domain["intents"], key=lambda one: next(iter(one)) if isinstance(one, dict) else one
    )
    return {**domain, "intents": intents}
