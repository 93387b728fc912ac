"""Templates of authors: what they are for, and what none of them can do."""

from __future__ import annotations

import tracemalloc

import pytest
from jinja2 import TemplateError

from modelservice.calm.dialogue.conditions import holds
from modelservice.calm.dialogue.templates import render
from modelservice.project.conditions.syntax import ConditionError
from tests.calm.conformance.world import World, put, say, start, tea_house

VARIABLES = {
    "slots": {"name": "Ana", "list": ["x", "y"], "number": 1234.5},
    "long": "<a " * 300_000,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ slots.list | join(', ') }}", "x, y"),
        ("{% for item in slots.list %}{{ loop.index }}. {{ item }} {% endfor %}", "1. x 2. y "),
        ("{{ slots.nope | default('nobody') }}{{ slots.nope }}", "nobody"),
        ("{{ '%.2f' | format(slots.number) }} {{ '{:,}'.format(50000) }}", "1234.50 50,000"),
        ("{{ slots.list | map('upper') | join('-') }}", "X-Y"),
        ("{{ slots.name ~ '!' }} {{ slots.name + '?' }} {{ 1 + 2 * 3 }}", "Ana! Ana? 7"),
        ("{{ slots.name | replace('A', 'a') | upper }} {{ slots.name.lower() }}", "ANA ana"),
        (
            "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}"
            "{% endfor %}{{ ns.n }}",
            "3",
        ),
        (
            "{% macro count(n) %}{{ n }}{% if n %}{{ count(n - 1) }}{% endif %}{% endmacro %}"
            "{{ count(2) }}",
            "210",
        ),
    ],
)
def test_what_authors_write(template: str, text: str) -> None:
    assert render(template, VARIABLES) == text


DOUBLING = "{% set ns = namespace(v='x') %}{% for i in range(60) %}{% set ns.v = {} %}{% endfor %}"
HOSTILE = [
    "{{ ''.__class__.__mro__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ slots.update({'name': 'Eve'}) }}",
    "{% include '/etc/passwd' %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(9999) %}{% set b = range(99999) | sum %}{% endfor %}",
    "{% macro twice() %}{{ twice() }}{{ twice() }}{% endmacro %}{{ twice() }}",
    DOUBLING.replace("{}", "ns.v ~ ns.v"),
    DOUBLING.replace("{}", "ns.v + ns.v"),
    DOUBLING.replace("{}", "(ns.v, ns.v)") + "{{ ns.v }}",
    "{% set t %}{% for a in range(99999) %}" + "x" * 1000 + "{% endfor %}{% endset %}{{ t }}",
    "{{ 'x' * 1000000000 }}",
    "{{ 'x' | center(1000000000) }}",
    "{{ 'x'.ljust(1000000000) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ long | replace('', long) }}",
    "{{ range(99999) | join('x' | center(1000)) }}",
    "{{ 9 ** 999999999 }}",
    "{{ 1 / 0 }}",
]


@pytest.mark.timeout(60)  # not a measure: without an allowance some would take days
@pytest.mark.parametrize("template", HOSTILE, ids=lambda text: text[:60])
def test_what_none_of_them_can_do(template: str) -> None:
    tracemalloc.start()
    try:
        assert len(render(template, VARIABLES)) < 100
    except TemplateError:
        # Said in the log by whoever rendered it.
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 30_000_000
    assert VARIABLES["slots"]["name"] == "Ana"  # type: ignore[index]  # the maps differ in kind


@pytest.mark.parametrize(
    "template", ["{{ 'a' * 10**9 }} is null", "{{ 1 / 0 }} = 1", "{{ undefined.x }}"]
)
def test_in_a_condition_they_count_as_false(template: str) -> None:
    try:
        assert not holds(template, slots={})
    except ConditionError:
        assert "undefined" in template


async def test_a_response_that_asks_too_much_is_said_as_it_is_written() -> None:
    text = HOSTILE[4]
    variation = f"{{metadata: {{template: jinja}}, text: '{text}'}}"
    changes = f"domain: {{responses: {{utter_ask_size: [{variation}]}}}}"
    world = World(tea_house(changes), "", hears_intents=False)
    await world.take(say(start("order_tea")))
    await world.take(say(put("kind", "green")))
    assert world.outbox.events[-1]["text"] == text
