"""A running Studio with something of everything, and what schemathesis has to know of it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.ingestion.events import turn
from tests.modelservice.conftest import wait_until
from tests.running_studio import PASSWORD, ROOT, RunningStudio

# Items that are there to be asked for, by the noun of their address.
_ITEMS = {
    "flows": "transfer_money",
    "responses": "utter_greet",
    "slots": "city",
    "actions": "action_new",
    "intents": "a_new_intent",
    "entities": "a_new_entity",
    "prompts": "prompts/new.jinja2",
    "word-lists": "lookup:city",
    "system-flows": "pattern_completed",
}
_BODIES: dict[str, Any] = {
    "prompts": {"text": "Say it."},
    "word-lists": {"lookup": "city", "examples": "- Rome\n"},
}
# Operations that refuse what no schema can say, with 400: why.
REFUSALS = {
    ("POST", "users/"): "a password is refused for being common",
    ("PATCH", "users/{person_id}/"): "a password is refused for being common; one change at least",
    ("POST", "me/password/"): "the present password has to be right, and the new one not common",
    ("POST", "me/tokens/"): "its longest life is a setting; a name has a sign that can be seen",
    ("POST", "assistants/import/"): "a file has to be a zip of a project",
    ("POST", "assistants/{assistant_id}/import/"): "a file has to be a zip of a project",
    ("POST", "assistants/"): "a name has a sign that can be seen; a language is there once",
    ("PATCH", "assistants/{assistant_id}/"): "a name has a letter or sign that can be seen",
    ("POST", "assistants/{assistant_id}/duplicate/"): "a name has a sign that can be seen",
    ("POST", "assistants/{assistant_id}/members/"): "the person has to have signed in once",
    ("POST", "assistants/{assistant_id}/restore/"): "the item has to have been there",
    (
        "POST",
        "assistants/{assistant_id}/responses/{item_id}/rename/",
    ): "a name is none of the runtime's",
    (
        "POST",
        "assistants/{assistant_id}/slots/{item_id}/values/rename/",
    ): "a value is there once, and has a sign that can be seen",
    ("POST", "assistants/{assistant_id}/flows/{item_id}/examples/"): "an example is taken once",
    ("POST", "assistants/{assistant_id}/action-runs/"): "endpoints.yml has to be readable",
    ("POST", "assistants/{assistant_id}/examples/"): "an example is taken once and has words",
    ("POST", "assistants/{assistant_id}/word-lists/"): "the body says the kind and name of the id",
    (
        "PUT",
        "assistants/{assistant_id}/word-lists/{item_id}/",
    ): "the body says the kind and name of the id",
    ("POST", "assistants/{assistant_id}/delete/"): "one item at least",
    ("POST", "assistants/{assistant_id}/model-prompts/{prompt}/"): "a component has the prompt",
    ("DELETE", "assistants/{assistant_id}/model-prompts/{prompt}/"): "a component has the prompt",
    ("PUT", "assistants/{assistant_id}/action-server/"): "a server has an address",
    ("PATCH", "assistants/{assistant_id}/language-model/"): "the pipeline asks a model",
    ("DELETE", "assistants/{assistant_id}/language-model/"): "the pipeline asks a model",
    ("POST", "assistants/{assistant_id}/languages/"): "a language is added once",
    (
        "POST",
        "assistants/{assistant_id}/languages/{code}/default/",
    ): "the default is the default already",
    ("DELETE", "assistants/{assistant_id}/languages/{code}/"): "the default stays",
    ("GET", "assistants/{assistant_id}/translations/"): "the language is one of the assistant",
    ("PATCH", "assistants/{assistant_id}/translations/"): "the language is one of the assistant",
    ("POST", "assistants/{assistant_id}/translations/judge/"): "one text at least",
    (
        "GET",
        "assistants/{assistant_id}/translations/export/",
    ): "the language is one of the assistant",
    ("POST", "assistants/{assistant_id}/translations/import/"): "a file has to be an export",
    ("POST", "assistants/{assistant_id}/files/"): "some paths are of pages, of settings, of nobody",
    (
        "POST",
        "assistants/{assistant_id}/files/{path}/rename/",
    ): "some paths are of pages, of settings, of nobody",
    (
        "PUT",
        "assistants/{assistant_id}/files/{path}/",
    ): "some are no texts, and some texts cannot be read",
    (
        "POST",
        "assistants/{assistant_id}/versions/{version_id}/tests/{run_id}/accept/",
    ): "one test at least",
    (
        "POST",
        "assistants/{assistant_id}/tests/",
    ): "a test is one that can be run, in a file of tests",
    ("POST", "assistants/{assistant_id}/tests/recorded/"): "something was said",
    ("PUT", "assistants/{assistant_id}/tests/{test_id}/"): "a test is one that can be run",
    ("PUT", "assistants/{assistant_id}/tests/{test_id}/yaml/"): "a test is one that can be run",
    ("POST", "conversations/{conversation_id}/test/"): "something was said before the event",
    ("PUT", "assistants/{assistant_id}/config/"): "the text has to be YAML with a map",
    ("PUT", "assistants/{assistant_id}/endpoints/"): "the text has to be YAML with a map",
    ("POST", "assistants/{assistant_id}/branches/"): "`from` has to name a commit",
    ("POST", "assistants/{assistant_id}/versions/"): "`flows` have to be there",
    (
        "POST",
        "assistants/{assistant_id}/branches/{name}/merge/",
    ): "a value goes with `edited` alone",
    ("POST", "conversations/bulk/"): "a tag has a sign that can be seen",
    ("PUT", "conversations/{conversation_id}/tags/"): "a tag has a sign that can be seen",
    ("POST", "tags/"): "a tag has a sign that can be seen",
    ("GET", "assistants/{assistant_id}/compare/"): "a commit has to be there",
}
# Those that the checks take by themselves, and two: a made-up revision is not the stored one (412),
# and two bodies may be sent with one Idempotency-Key (422).
_ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429", "5xx"]
_REJECTED = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429", "5xx"]


_SHAPES = "#/components/schemas/"


class DescribedStudio:
    """Makes, over the API, content, people and a conversation whose ids `settings` gives."""

    def __init__(self, studio: RunningStudio) -> None:
        self.studio = studio
        self._api = studio.api()
        assistant, self._spare = self._assistant("Bank"), self._assistant("To be deleted")
        self._deleted = self._assistant("To be deleted for good")
        self._api.delete(f"assistants/{self._deleted}/")
        base = f"assistants/{assistant}/"
        self._add_items(base)
        self._made(f"{base}branches/", {"name": "summer"})
        version = studio.trained(self._api, assistant)[0]["id"]
        self._ids: dict[str, Any] = {
            "path.assistant_id": assistant,
            "path.version_id": version,
            "path.name": "summer",
            "path.number": 1,
            "path.version": "latest",
            "path.person_id": self.person("someone", "NLU Editor"),
            "path.tag_id": self._made("tags/", {"assistant": assistant, "name": "sad"})["id"],
            "path.conversation_id": self._conversation(),
            "query.assistant": assistant,
            "query.branch": "main",
        }
        member = {"username": "someone", "role": "Developer"}
        self._ids["path.member_id"] = self._made(f"{base}members/", member)["id"]

    def person(self, name: str, role: str) -> str:
        account = {"username": name, "password": PASSWORD, "roles": [role]}
        return str(self._made("users/", account)["id"])

    def settings(self, path: Path) -> None:
        """Write the configuration of schemathesis."""
        lines = [
            "[generation]",
            # No database stores NUL or half a surrogate; JSON Schema has no word for that.
            "allow-x00 = false",
            'codec = "utf-8"',
            "[checks]",
            f"positive_data_acceptance.expected-statuses = {json.dumps(_ACCEPTED)}",
            f"negative_data_rejection.expected-statuses = {json.dumps(_REJECTED)}",
            "[parameters]",
            *_assignments(self._ids),
        ]
        for noun, key in _ITEMS.items():
            pattern = f"/{noun}/\\{{item_id\\}}/"
            lines += _operation(_assignments({"include-path-regex": pattern}), {"item_id": key})
        # A deleted assistant has no content to ask for.
        one = _assignments(
            {"include-method": "DELETE", "include-path": "/api/v1/assistants/{assistant_id}/"}
        )
        lines += _operation(one, {"assistant_id": self._spare})
        gone = _assignments({"include-path": "/api/v1/assistants/{assistant_id}/deleted/"})
        lines += _operation(gone, {"assistant_id": self._deleted})
        refusing = [*_ACCEPTED, "400"]
        for method, address in REFUSALS:
            lines += [
                "[[operations]]",
                *_assignments({"include-name": f"{method} /api/v1/{address}"}),
                f"checks.positive_data_acceptance.expected-statuses = {json.dumps(refusing)}",
            ]
        path.write_text("\n".join(lines), encoding="utf-8")

    def _assistant(self, name: str) -> str:
        return str(self._made("assistants/", {"name": name, "sample": "bank"})["id"])

    def _made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._api.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def _add_items(self, base: str) -> None:
        for noun, key in _ITEMS.items():
            if self._api.get(f"{base}{noun}/{key}/").status_code == 404:
                self._made(f"{base}{noun}/", {"id": key, "body": _BODIES.get(noun)})

    def _conversation(self) -> str:
        self.studio.write(turn("Bank", at=time.time() - 60))
        found = wait_until(lambda: self._api.get("conversations/").json()["results"], 30)
        return str(found[0]["id"])


def description(path: Path) -> None:
    """Write the API's description for schemathesis, as the file `path`.

    A step stands in a flow in three places (steps, then, else), and a flow in three operations:
    all that can be wrong with one would be tried nine times. Here it is tried once, where a flow
    is created; in the other places a step is shown with two of its fields.
    """
    described = yaml.load((ROOT / "frontend/openapi.yaml").read_text(), yaml.CSafeLoader)
    shapes = described["components"]["schemas"]
    few = {name: shapes["FlowStep"]["properties"][name] for name in ("id", "noop")}
    shapes["StepAgain"] = shapes["FlowStep"] | {"properties": few}
    shapes["FlowBranch"] = _with_few(shapes["FlowBranch"])
    shapes["FlowAgain"] = _with_few(shapes["FlowBody"])
    shapes["FlowUpdateRequest"]["properties"]["body"] = {"$ref": f"{_SHAPES}FlowAgain"}
    # At a made-up revision nothing is looked at, and nothing is written.
    for operation in _operations(described):
        for parameter in operation.get("parameters", []):
            if parameter["name"] == "If-Match":
                parameter["schema"]["examples"] = ["*"]
    path.write_text(json.dumps(described), encoding="utf-8")


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in described["paths"].values():
        yield from methods.values()


def _with_few(shape: dict[str, Any]) -> dict[str, Any]:
    """Its steps are those of `StepAgain`."""
    text = json.dumps(shape).replace(f"{_SHAPES}FlowStep", f"{_SHAPES}StepAgain")
    return dict(json.loads(text))


def _assignments(values: dict[str, Any]) -> list[str]:
    return [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items()]


def _operation(which: list[str], ids: dict[str, str]) -> list[str]:
    parameters = ", ".join(_assignments({f"path.{name}": value for name, value in ids.items()}))
    return ["[[operations]]", *which, f"parameters = {{{parameters}}}"]
