"""The operations of `rasa studio …` (cli_graphql §4)."""

# Not `from __future__ import annotations`: strawberry reads the types of arguments.

import base64
from typing import Annotated
from uuid import UUID

import strawberry

from modelservice.project.parts import Parts
from studio.accounts.roles import Permission
from studio.assistants.access import access, permissions_in
from studio.assistants.models import Assistant as AssistantRow
from studio.common.errors import NotFound
from studio.content.selectors.uploads import is_classic, parts_of_branch
from studio.content.services.uploads import EncodedParts, branch_named, fetched, receive
from studio.graphql.context import Info
from studio.home.deletion import assistant_delete

MODERN, CLASSIC = "MODERN", "CLASSIC"


@strawberry.type
class LicenseDetails:
    """There is no licence; the CLI asks by this whether it is signed in."""

    valid: bool = True
    scopes: str = ""


@strawberry.type
class Assistant:
    id: strawberry.ID
    name: str
    mode: str


@strawberry.type(name="AssistantByName_AssistantNotFound")
class NoAssistantByName:
    nothing: str | None = strawberry.field(name="_", default=None)


@strawberry.type(name="DeleteAssistant_AssistantNotFound")
class NoAssistantToDelete:
    nothing: str | None = strawberry.field(name="_", default=None)


@strawberry.type
class Prompts:
    """Texts of prompts; null where the project has none of its own."""

    command_generator: str | None = strawberry.field(name="command_generator", default=None)
    contextual_response_rephraser: str | None = strawberry.field(
        name="contextual_response_rephraser", default=None
    )
    enterprise_search: str | None = strawberry.field(name="enterprise_search", default=None)


@strawberry.type
class ExportModernAsEncodedYamlOutput:
    """YAML in base64. `nlu` and `domain` are of the same types as in the other output: one query
    asks for both."""

    nlu: str | None
    flows: str | None
    domain: str | None
    endpoints: str | None
    config: str | None
    prompts: Prompts | None


@strawberry.type
class ExportClassicAsEncodedYamlOutput:
    """An assistant without flows, and without a config.yml that anybody brought."""

    nlu: str | None
    domain: str | None


AssistantByName = Annotated[Assistant | NoAssistantByName, strawberry.union("AssistantByName")]
DeletedAssistant = Annotated[Assistant | NoAssistantToDelete, strawberry.union("DeleteAssistant")]
Exported = Annotated[
    ExportModernAsEncodedYamlOutput | ExportClassicAsEncodedYamlOutput,
    strawberry.union("ExportAsEncodedYaml"),
]


@strawberry.input
class AssistantByNameInput:
    assistant_name: str


@strawberry.input
class DeleteAssistantInput:
    assistant_id: strawberry.ID


@strawberry.input
class PromptsInput:
    command_generator: str | None = strawberry.field(name="command_generator", default=None)
    contextual_response_rephraser: str | None = strawberry.field(
        name="contextual_response_rephraser", default=None
    )
    enterprise_search: str | None = strawberry.field(name="enterprise_search", default=None)


@strawberry.input
class UploadModernAssistantInput:
    """Base64 of YAML; a part that is absent or null is left alone."""

    assistant_name: str
    flows: str | None = None
    domain: str | None = None
    config: str | None = None
    endpoints: str | None = None
    nlu: str | None = None
    prompts: PromptsInput | None = None


@strawberry.input
class ImportFromEncodedYamlInput:
    assistant_name: str
    domain: str
    nlu: str


@strawberry.input
class ObjectsInput:
    """`type` is Intent or Entity."""

    name: list[str]
    type: str


@strawberry.input
class ExportAsEncodedYamlInput:
    assistant_name: str
    objects: list[ObjectsInput] | None = None


@strawberry.type
class AssistantQuery:
    @strawberry.field
    def license_details(self) -> LicenseDetails:
        return LicenseDetails()

    @strawberry.field
    def assistant_by_name(self, info: Info, input: AssistantByNameInput) -> AssistantByName:
        try:
            branch = branch_named(
                info.context.user, input.assistant_name, Permission.ASSISTANT_VIEW
            )
        except NotFound:
            return NoAssistantByName()
        mode = CLASSIC if is_classic(branch) else MODERN
        return _assistant(branch.assistant, mode, name=input.assistant_name)

    @strawberry.field
    def export_as_encoded_yaml(self, info: Info, input: ExportAsEncodedYamlInput) -> Exported:
        user = info.context.user
        branch = branch_named(user, input.assistant_name, Permission.ASSISTANT_VIEW)
        secrets = Permission.SETTINGS_EDIT in (permissions_in(user, branch.assistant) or ())
        chosen = {each.type: each.name for each in input.objects or []}
        parts = parts_of_branch(
            branch,
            intents=chosen.get("Intent", []) if chosen else None,
            entities=chosen.get("Entity", []),
            with_secrets=secrets,
        )
        if not chosen:
            fetched(branch, user)
        if is_classic(branch):
            return ExportClassicAsEncodedYamlOutput(
                nlu=_encoded(parts.nlu or ""), domain=_encoded(parts.domain or "")
            )
        return _modern(parts)


@strawberry.type
class AssistantMutation:
    @strawberry.mutation
    def upload_modern_assistant(self, info: Info, input: UploadModernAssistantInput) -> bool:
        """Makes the assistant, or pushes to it where it is there."""
        prompts = vars(input.prompts) if input.prompts else {}
        encoded = EncodedParts(
            flows=input.flows,
            domain=input.domain,
            config=input.config,
            endpoints=input.endpoints,
            nlu=input.nlu,
            prompts={name: text for name, text in prompts.items() if text},
        )
        receive(user=info.context.user, name=input.assistant_name, encoded=encoded)
        return True

    @strawberry.mutation
    def import_from_encoded_yaml(self, info: Info, input: ImportFromEncodedYamlInput) -> bool:
        """An assistant of intents and entities alone, by `rasa studio upload` of 3.11."""
        encoded = EncodedParts(domain=input.domain, nlu=input.nlu)
        receive(user=info.context.user, name=input.assistant_name, encoded=encoded)
        return True

    @strawberry.mutation
    def delete_assistant(self, info: Info, input: DeleteAssistantInput) -> DeletedAssistant:
        user = info.context.user
        try:
            assistant = access(user, UUID(str(input.assistant_id)), Permission.ASSISTANT_DELETE)
        except (NotFound, ValueError):
            return NoAssistantToDelete()
        assistant_delete(assistant=assistant)
        return _assistant(assistant, MODERN)


def _assistant(row: AssistantRow, mode: str, name: str | None = None) -> Assistant:
    return Assistant(id=strawberry.ID(str(row.pk)), name=name or row.name, mode=mode)


def _modern(parts: Parts) -> ExportModernAsEncodedYamlOutput:
    return ExportModernAsEncodedYamlOutput(
        nlu=_encoded(parts.nlu) if parts.nlu else None,
        flows=_encoded(parts.flows) if parts.flows else None,
        domain=_encoded(parts.domain or ""),
        endpoints=_encoded(parts.endpoints or ""),
        config=_encoded(parts.config or ""),
        prompts=Prompts(**parts.prompts) if parts.prompts else None,
    )


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
