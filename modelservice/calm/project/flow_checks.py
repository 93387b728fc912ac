"""Checks across flows: what a flow refers to must exist, and every step must be reachable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modelservice.calm.errors import ProjectError
from modelservice.calm.project.domain import Domain
from modelservice.calm.project.flow import (
    END,
    CallStep,
    CollectStep,
    Flow,
    Flows,
    LinkStep,
    SetSlotsStep,
    Step,
)
from modelservice.project.conditions.reading import read_condition

_LINKABLE_PATTERNS = (
    "pattern_human_handoff",
    "pattern_search",
    "pattern_customer_satisfaction",
)


def check_flows(user_flows: Mapping[str, Flow], flows: Flows, domain: Domain) -> list[ProjectError]:
    """All errors of the project's own flows, in file order."""
    problems = [
        problem
        for flow in user_flows.values()
        for problem in _FlowCheck(flow, flows, domain).problems()
    ]
    return problems + list(_shared_triggers(user_flows))


def _shared_triggers(user_flows: Mapping[str, Flow]) -> Iterator[ProjectError]:
    owners: dict[str, str] = {}
    for flow in user_flows.values():
        for trigger in flow.nlu_triggers:
            other = owners.setdefault(trigger.intent, flow.id)
            if other != flow.id:
                yield ProjectError(
                    f"the intent '{trigger.intent}' starts '{other}' already",
                    file=flow.file,
                    line=flow.line,
                    item=f"flow '{flow.id}'",
                )


class _FlowCheck:
    def __init__(self, flow: Flow, flows: Flows, domain: Domain) -> None:
        self._flow = flow
        self._flows = flows
        self._domain = domain

    def problems(self) -> Iterator[ProjectError]:
        if self._flow.guard is not None:
            yield from self._condition(self._flow.guard, None)
        for step in self._flow.steps.values():
            yield from self._targets(step)
            yield from self._references(step)
            yield from self._conditions(step)
        yield from self._unreachable()
        yield from self._persisted()

    def _problem(self, message: str, step: Step | None) -> ProjectError:
        item = f"flow '{self._flow.id}'"
        line = self._flow.line
        if step is not None:
            item, line = f"{item}, step '{step.id}'", step.line
        return ProjectError(message, file=self._flow.file, line=line, item=item)

    def _targets(self, step: Step) -> Iterator[ProjectError]:
        for branch in step.branches:
            if branch.target != END and branch.target not in self._flow.steps:
                yield self._problem(f"there is no step '{branch.target}' to go to", step)

    def _references(self, step: Step) -> Iterator[ProjectError]:
        if isinstance(step, LinkStep):
            yield from self._link(step)
        elif isinstance(step, CallStep):
            yield from self._call(step)
        elif isinstance(step, CollectStep):
            yield from self._slot(step.collect, step)
        elif isinstance(step, SetSlotsStep):
            for name, _ in step.values:
                yield from self._slot(name, step)

    def _link(self, step: LinkStep) -> Iterator[ProjectError]:
        if step.link not in self._flows:
            yield self._problem(f"there is no flow '{step.link}' to link to", step)
        elif step.link.startswith("pattern_") and not self._may_link(step.link):
            yield self._problem(f"'{step.link}' cannot be linked to", step)

    def _may_link(self, pattern_id: str) -> bool:
        return pattern_id in _LINKABLE_PATTERNS or (
            pattern_id == "pattern_chitchat" and self._flow.is_pattern
        )

    def _call(self, step: CallStep) -> Iterator[ProjectError]:
        called = self._flows.get(step.call)
        if called is None:
            return
        if called.is_pattern:
            yield self._problem(f"'{step.call}' cannot be called", step)
        elif any(isinstance(inner, LinkStep) for inner in called.steps.values()):
            yield self._problem(f"'{step.call}' has a link step, so it cannot be called", step)

    def _slot(self, name: str, step: Step) -> Iterator[ProjectError]:
        slot = self._domain.slots.get(name)
        if slot is None:
            yield self._problem(f"the slot '{name}' is not in the domain", step)
        elif slot.type == "list":
            yield self._problem(f"the list slot '{name}' cannot be used in a flow", step)

    def _conditions(self, step: Step) -> Iterator[ProjectError]:
        for branch in step.branches:
            if branch.condition is not None:
                yield from self._condition(branch.condition, step)
        if isinstance(step, CollectStep):
            for rejection in step.rejections:
                yield from self._condition(rejection.condition, step)

    def _condition(self, text: str, step: Step | None) -> Iterator[ProjectError]:
        facts = read_condition(text)
        if facts.error is not None and not facts.has_jinja:
            yield self._problem(str(facts.error), step)

    def _unreachable(self) -> Iterator[ProjectError]:
        reached: set[str] = set()
        waiting = [self._flow.first_step_id]
        while waiting:
            step_id = waiting.pop()
            step = self._flow.step(step_id)
            if step is None or step_id in reached:
                continue
            reached.add(step_id)
            waiting.extend(branch.target for branch in step.branches)
        for step in self._flow.steps.values():
            if step.id not in reached:
                yield self._problem("this step can never be reached", step)

    def _persisted(self) -> Iterator[ProjectError]:
        used = {name for part in self._flows.with_called(self._flow) for name in _slots_used(part)}
        for name in sorted(self._flow.persisted_slots - used):
            yield self._problem(f"the persisted slot '{name}' is not used in the flow", None)


def _slots_used(flow: Flow) -> Iterator[str]:
    for step in flow.collect_steps():
        yield step.collect
    for set_step in flow.set_slots_steps():
        for name, _ in set_step.values:
            yield name
