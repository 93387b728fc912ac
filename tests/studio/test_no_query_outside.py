"""Views, consumers and commands hold no query of their own: services and selectors do."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("studio", "ingestion")
    for path in (ROOT / folder).rglob("*.py")
    if {"api", "commands"} & set(path.relative_to(ROOT).parts) or path.name == "consumers.py"
)


def queries(source: str) -> list[int]:
    """Lines that reach for the manager of a model."""
    managers = {"objects", "_default_manager", "_base_manager"}
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]


def test_the_rule_finds_a_query() -> None:
    assert queries("def get(self):\n    return Item.objects.filter(key=1)\n") == [2]


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_no_query_stands_here(path: Path) -> None:
    assert queries(path.read_text(encoding="utf-8")) == []
