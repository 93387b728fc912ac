"""A loaded model with everything around it: what the channels talk to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelservice.calm.actions.custom import ActionExecutor, CustomActions, NoActions
from modelservice.calm.actions.http_server import HttpActions
from modelservice.calm.actions.process import (
    ActionProcess,
    ProcessSettings,
    ServerOrModule,
    has_module,
)
from modelservice.calm.actions.runner import ActionRunner
from modelservice.calm.channels.broker import NoBroker
from modelservice.calm.channels.brokers import broker_from
from modelservice.calm.channels.conversations import Conversations
from modelservice.calm.channels.parsing import Parsing
from modelservice.calm.channels.prompting import Prompting
from modelservice.calm.content.environment import expand, expand_parts
from modelservice.calm.dialogue.commands import INSPECTOR
from modelservice.calm.dialogue.events import slot_set
from modelservice.calm.dialogue.generator import CommandGenerator
from modelservice.calm.dialogue.reading import MessageReader
from modelservice.calm.dialogue.responses import ResponseGenerator
from modelservice.calm.dialogue.slots import coerce, is_valid
from modelservice.calm.errors import CalmError
from modelservice.calm.models.answering import answering_of, search_of
from modelservice.calm.models.generators import (
    adapts_nlu,
    explainer_of,
    generator_of,
    interpreter_of,
    message_embedder,
    minimizes_calls,
    router_of,
)
from modelservice.calm.models.model import (
    MODEL_SUFFIX,
    Model,
    build_assistant,
    find_model,
    read_model,
)
from modelservice.calm.models.wording import wording_of
from modelservice.calm.other_server import endpoint_in
from modelservice.calm.turns.engine import TurnEngine
from modelservice.calm.turns.turn import OutputChannel, UserMessage
from modelservice.calm.understanding.embedding_client import TEST_SECONDS, embedding_client
from modelservice.calm.understanding.llm.client import LanguageModels
from modelservice.project.action_endpoint import (
    actions_module,
    actions_problem,
    stand_in_module,
)

NOT_RUN = (
    "nobody here runs `actions_module`; start `python -m rasa_sdk --actions actions` and set "
    "action_endpoint.url in endpoints.yml"
)


class Bot:
    """One assistant, its conversations and its connections to the outside."""

    def __init__(
        self,
        model: Model,
        *,
        name: str,
        endpoints: Mapping[str, Any],
        environment: Mapping[str, str],
        generator: CommandGenerator | None = None,
        file: Path | None = None,
        publish: bool = True,
        actions: ProcessSettings | str = NOT_RUN,
    ) -> None:
        """`actions` is how the project's own are run, or why they are not."""
        self.model = model
        self.file = file
        self.assistant = build_assistant(model, name=name)
        # Only what is used is expanded: a project may name keys for models that nobody has here.
        used = ["action_endpoint", "nlg"]
        expanded = expand_parts(endpoints, used, environment, file="endpoints.yml")
        # Events must not get lost in silence: a broker that cannot be used stops the start.
        broker = {"event_broker": endpoints.get("event_broker")} if publish else {}
        expanded |= expand(broker, environment, file="endpoints.yml")
        self.custom_actions = CustomActions(action_executor(expanded, actions))
        self.language_models = LanguageModels(endpoints, environment)
        self.embedding_client = embedding_client(
            environment, seconds=None if publish else TEST_SECONDS
        )
        embedder = message_embedder(model, self.embedding_client)
        self.search = search_of(model, self.assistant, embedder)
        proposing = generator or generator_of(
            model, self.assistant, self.language_models, self.search, embedder
        )
        reader = MessageReader(
            self.assistant,
            proposing,
            interpreter_of(model, self.assistant, embedder),
            adapts_nlu=adapts_nlu(model),
            router=router_of(model, self.assistant, self.language_models),
            minimize_calls=minimizes_calls(model),
        )
        self._parsing = Parsing(
            self.assistant, reader, explainer_of(model, self.assistant, proposing, embedder)
        )
        self._prompting = Prompting(model, self.assistant, reader, self.search, embedder)
        self._wording = wording_of(model, expanded.get("nlg"), self.language_models)
        runner = ActionRunner(
            self.assistant,
            self.custom_actions,
            ResponseGenerator(self.assistant),
            answering_of(model, self.search, self.language_models),
            self._wording,
        )
        self.engine = TurnEngine(self.assistant, reader, runner)
        self._broker = broker_from(expanded, environment) if publish else NoBroker()
        self.conversations = Conversations(self.assistant, self._broker)

    async def handle(self, sender_id: str, message: UserMessage, channel: OutputChannel) -> None:
        """Hold one turn."""
        async with self.conversations.locked(sender_id) as tracker:
            await self.engine.handle(message, tracker, channel)

    async def parse(self, text: str) -> dict[str, Any]:
        """What a message would be understood as, and why; see `Parsing`."""
        return await self._parsing.parse(text)

    async def prompt(self, name: str, template: str, events: Sequence[Mapping[str, Any]]) -> str:
        """A template as it would be sent in a conversation; see `Prompting`. Raises `CalmError`."""
        return await self._prompting.render(name, template, events)

    async def snapshot(self, sender_id: str, *, start_session: bool = False) -> dict[str, Any]:
        """The conversation's tracker as JSON; takes time in proportion to its length."""
        async with self.conversations.locked(sender_id) as tracker:
            if start_session:
                await self.engine.start_session(tracker)
            return tracker.snapshot()

    async def replace(
        self, sender_id: str, events: list[Mapping[str, Any]], channel: OutputChannel
    ) -> None:
        """Put other events in a conversation's place; the bot goes on if it is its turn."""
        async with self.conversations.locked(sender_id) as tracker:
            try:
                tracker.replay(events)
            except Exception as error:
                # The events come from outside, and there are as many ways to be wrong as fields.
                raise CalmError(f"the events cannot be replayed: {error}") from error
            if tracker.state.latest_action != "action_listen":
                await self.engine.go_on(tracker, channel)

    async def set_slot(self, sender_id: str, name: str, value: Any, channel: OutputChannel) -> None:
        """Give a slot a value by hand; a flow that waits goes on, or asks its question again.

        Raises `CalmError` for an unknown conversation or slot, and for a value that is none of it.
        """
        if sender_id not in self.conversations:
            raise CalmError("there is no such conversation")
        slot = self.assistant.domain.slots.get(name)
        if slot is None:
            raise CalmError(f"'{name}' is not a slot of this assistant")
        if not is_valid(slot, value):
            raise CalmError(f"this is not a value of slot '{name}', whose type is {slot.type}")
        async with self.conversations.locked(sender_id) as tracker:
            tracker.append(slot_set(name, coerce(slot, value), INSPECTOR))
            waiting = tracker.stack.top_user_frame is not None and not tracker.state.terminated
            if waiting:
                await self.engine.go_on(tracker, channel)

    async def stub(
        self, sender_id: str, action: str, answer: Mapping[str, Any] | None
    ) -> dict[str, Mapping[str, Any]]:
        """Let a custom action give this answer in one conversation, or None for its own again.

        Returns the conversation's stubs. Raises `CalmError` for an action that the domain does not
        list and for an answer that no action server could give.
        """
        if action not in self.assistant.domain.actions:
            raise CalmError(f"'{action}' is not a custom action of this assistant")
        async with self.conversations.locked(sender_id) as tracker:
            self.custom_actions.stubs.put(tracker, action, answer)
            return self.custom_actions.stubs.of(tracker)

    async def stubs(self, sender_id: str) -> dict[str, Mapping[str, Any]]:
        """The answers that stand in for the action server in a conversation, by action."""
        async with self.conversations.locked(sender_id) as tracker:
            return self.custom_actions.stubs.of(tracker)

    async def close(self) -> None:
        await self.custom_actions.close()
        await self.language_models.close()
        if self._wording is not None:
            await self._wording.close()
        if self.embedding_client is not None:
            await self.embedding_client.close()
        await asyncio.to_thread(self._broker.close)


def load_bot(
    path: Path,
    *,
    endpoints: Mapping[str, Any] | None,
    environment: Mapping[str, str],
    publish: bool = True,
    actions: ProcessSettings | str = NOT_RUN,
) -> Bot:
    """Load a model file or the newest model of a folder. Raises `CalmError`.

    Without `endpoints` those that the model was trained with are used; `publish` says whether
    their event broker is.
    """
    file = find_model(path)
    model = read_model(file)
    try:
        return Bot(
            model,
            name=file.name.removesuffix(MODEL_SUFFIX),
            endpoints=model.endpoints if endpoints is None else endpoints,
            environment=environment,
            file=file,
            publish=publish,
            actions=actions,
        )
    except CalmError:
        raise
    except Exception as error:
        # Training writes only what it has checked: somebody else made or changed this file.
        reason = f"{type(error).__name__}: {error}"
        raise CalmError(f"{file} is damaged, train it again ({reason})") from error


def action_executor(endpoints: Mapping[str, Any], actions: ProcessSettings | str) -> ActionExecutor:
    """An action server wins over the project's own module. Raises `ProjectError`."""
    settings = endpoints.get("action_endpoint") or {}
    endpoint = endpoint_in(settings, "action_endpoint")
    if endpoint is not None:
        selective = bool(settings.get("enable_selective_domain"))
        server = HttpActions(endpoint, selective_domain=selective)
        module = stand_in_module(endpoints)
        if module is None or isinstance(actions, str) or not has_module(actions, module):
            return server
        return ServerOrModule(server, ActionProcess(actions, module))
    module = actions_module(endpoints)
    if module is None:
        return NoActions(actions_problem(endpoints))
    return NoActions(actions) if isinstance(actions, str) else ActionProcess(actions, module)
