"""All items of a project as one document of each sort, as Rasa reads and sends them."""

from collections.abc import Iterable
from typing import Any

from modelservice.project.model import (
    DOMAIN_SECTIONS,
    MAP_SECTIONS,
    NAME_LIST_SECTIONS,
    SECTION_OF_KIND,
    Kind,
)

# kind, key, body
Triple = tuple[str, str, Any]
_VERSION = "3.1"
_DOMAIN_KINDS = (Kind.INTENT, Kind.ENTITY, Kind.SLOT, Kind.RESPONSE, Kind.ACTION)


def flows_document(items: Iterable[Triple]) -> dict[str, Any]:
    """Empty without flows; patterns of the project's own are among them."""
    flows = {key: body for kind, key, body in items if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}}
    return {"flows": flows} if flows else {}


def domain_document(items: Iterable[Triple]) -> dict[str, Any]:
    """Files of a split domain are one here."""
    items = list(items)
    domain: dict[str, Any] = {"version": _VERSION}
    for kind in _DOMAIN_KINDS:
        name = SECTION_OF_KIND[kind]
        bodies = {key: body for here, key, body in items if here == kind}
        if name in MAP_SECTIONS and bodies:
            domain[name] = bodies
        elif name in NAME_LIST_SECTIONS and bodies:
            domain[name] = [key if body is None else {key: body} for key, body in bodies.items()]
    for name in sorted(DOMAIN_SECTIONS):
        for body in sections(items, name):
            known = domain.get(name)
            domain[name] = {**known, **body} if isinstance(known, dict) else body
    return domain


def nlu_document(items: Iterable[Triple]) -> dict[str, Any]:
    """Empty without examples."""
    entries = [body for kind, _key, body in items if kind == Kind.NLU]
    return {"version": _VERSION, "nlu": entries} if entries else {}


def list_document(items: Iterable[Triple], name: str) -> dict[str, Any]:
    """`stories` or `rules` of all files; empty without any."""
    entries = [entry for body in sections(items, name) for entry in body]
    return {"version": _VERSION, name: entries} if entries else {}


def sections(items: Iterable[Triple], name: str) -> list[Any]:
    """The bodies of a section in each file that has it."""
    return [
        body for kind, key, body in items if kind == Kind.SECTION and key.rsplit("#", 1)[-1] == name
    ]
