"""What the OpenAPI description says beyond what serializers and addresses say by themselves.

Of a method: its docstring (first line is the summary, the rest the description), the failures that
its view lists, and those that every operation of its sort has. A docstring may use `{one}` and
`{many}` where several kinds of things share a method; the view says which words stand for them.
"""

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer

from studio.common.errors import DomainError, Invalid, NotFound
from studio.common.problems import (
    CONTENT_TYPE,
    NOT_AUTHENTICATED,
    PARSE_ERROR,
    PERMISSION_DENIED,
    UNSUPPORTED_MEDIA_TYPE,
    Failure,
    known_failures,
)

# Nouns of addresses, by the tag that their operations have; the last noun that is here decides.
TAGS = {
    "Assistants": ("assistants", "samples", "git-hosts"),
    "Members": ("members",),
    "Flows": ("flows", "system-flows", "links"),
    "Responses": ("responses", "buttons"),
    "Slots": ("slots",),
    "Domain": ("actions", "intents", "entities", "prompts", "model-prompts"),
    "Files": ("config", "endpoints", "files", "language-model", "action-server"),
    "Projects": ("import", "export"),
    "Branches": ("branches",),
    "History": ("commits", "compare", "history", "restore"),
    "Validation": ("validation",),
    "Versions": ("versions", "tests", "download", "deployments"),
    "Conversations": ("conversations",),
    "Tags": ("tags",),
    "People": ("users", "me"),
    "Access tokens": ("tokens",),
    "Audit": ("audit",),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255, "pattern": r"^[!#-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description=(
        "Any text of your own, such as a UUID. Sent again with the same key within 24 hours, the"
        " call is not carried out again but answered as before, with `Idempotency-Replayed: true`."
    ),
)
_TAG_OF = {noun: tag for tag, nouns in TAGS.items() for noun in nouns}
_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
_CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "How to sign in"}}
_BODY_METHODS = {"POST", "PUT", "PATCH"}


class StudioSchema(AutoSchema):
    """Adds the parameters that all methods of a view take (`common_parameters`), its failures
    (`failures`, by method), tags, and the words of docstrings."""

    def get_override_parameters(self) -> list[Any]:
        parameters = [*getattr(self.view, "common_parameters", [])]
        return [*parameters, IDEMPOTENCY_KEY] if self._takes_key() else parameters

    def _takes_key(self) -> bool:
        return self.method == "POST" and getattr(self.view, "takes_idempotency_key", False)

    def get_summary(self) -> str:
        return self._words()[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        return self._words()[1]

    def get_tags(self) -> list[str]:
        nouns = [token for token in self._tokenize_path() if token in _TAG_OF]
        deeper = [noun for noun in nouns if noun not in {"assistants", "import", "export"}]
        if deeper:
            return [_TAG_OF[deeper[0]]]
        return [_TAG_OF[nouns[-1]]]

    def _tokenize_path(self) -> list[str]:
        tokens: list[str] = super()._tokenize_path()
        return tokens

    def _words(self) -> tuple[str, str]:
        """Summary and description; of both what is there."""
        text = inspect.getdoc(getattr(self.view, str(self.method).lower())) or ""
        words = getattr(self.view, "words", {})
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        summary, _, rest = text.partition("\n")
        paragraphs = [" ".join(each.split()) for each in rest.strip().split("\n\n")]
        return summary, "\n\n".join(paragraphs) or summary

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        by_status: dict[int, list[Failure]] = {}
        for failure in self._failures():
            by_status.setdefault(failure.status, []).append(failure)
        for status, failures in sorted(by_status.items()):
            answers[str(status)] = _answer(status, failures)
        return answers

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        body: dict[str, Any] | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]  # library
        if body and isinstance(self.get_request_serializer(), PolymorphicProxySerializer):
            return {**body, "required": True}
        return body

    def _map_serializer_field(self, *arguments: Any) -> dict[str, Any]:
        """Any JSON may be null, too: `oneOf` with null would exclude it."""
        described: dict[str, Any] = super()._map_serializer_field(*arguments)  # type: ignore[no-untyped-call]  # library
        either = described.get("oneOf", [])
        if {"type": "null"} in either and any("type" not in one for one in either):
            described["anyOf"] = described.pop("oneOf")
        return described

    def _failures(self) -> list[Failure]:
        method = str(self.method)
        named: set[type[DomainError]] = {Invalid}
        if self._takes_key():
            named.update(getattr(self.view, "failures_with_key", ()))
        for each in type(self.view).__mro__:
            named.update(each.__dict__.get("failures", {}).get(method, ()))
        if "{" in self.path or self._get_pagination_parameters():  # type: ignore[no-untyped-call]  # library
            named.add(NotFound)
        found = [Failure.of(error) for error in named]
        found.append(NOT_AUTHENTICATED)
        if getattr(self.view, "required_permissions", {}).get(method) is not None:
            found.append(PERMISSION_DENIED)
        if self._has_body():
            too_large = next(each for each in known_failures() if each.code == "too_large")
            found += [PARSE_ERROR, UNSUPPORTED_MEDIA_TYPE, too_large]
        found += [each for each in known_failures() if each.anywhere]
        return sorted(set(found), key=lambda each: (each.status, each.code, each.title))

    def _has_body(self) -> bool:
        return self.method in _BODY_METHODS and bool(self.get_request_serializer())


def _answer(status: int, failures: list[Failure]) -> dict[str, Any]:
    codes = {failure.code: failure.title for failure in failures}
    answer: dict[str, Any] = {
        "description": "; ".join(f"`{code}`: {title}" for code, title in codes.items()),
        "content": {CONTENT_TYPE: {"schema": _PROBLEM}},
    }
    if status == NOT_AUTHENTICATED.status:
        answer["headers"] = _CHALLENGE
    return answer


def add_problem_details(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: the document of every failure, with all codes that there are."""
    text, number = {"type": "string"}, {"type": "integer"}
    found = {name: text for name in ("field", "file", "item", "message")} | {"line": number}
    members = {
        name: {**shape, "description": f"Of `{each.code}`. {shape['description']}"}
        for each in reversed(known_failures())
        for name, shape in each.members.items()
    }
    result["components"]["schemas"]["ProblemDetails"] = {
        "type": "object",
        "description": "A failure (RFC 9457). Programs go by `code`; `detail` is for people. Some "
        "codes have further members; `deploy/docs/problems.md` lists them by code.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {**text, "const": "about:blank"},
            "title": {**text, "description": "The same for all failures of a code"},
            "status": {**number, "description": "The HTTP status"},
            "code": {**text, "enum": sorted({each.code for each in known_failures()})},
            "detail": {**text, "description": "What is wrong here, in a sentence"},
            "request_id": {
                **text,
                "description": "By which who runs Studio finds it in the logs; also in the header "
                "`X-Request-ID`",
            },
            "errors": {
                "type": "array",
                "description": "Each thing that is wrong, and where",
                "items": {"type": "object", "required": ["message"], "properties": found},
            },
            **members,
        },
    }
    return result
