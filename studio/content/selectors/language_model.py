"""The language model of an assistant as its form shows it."""

from dataclasses import asdict
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.language_model import CONFIG, ENDPOINTS, language_model_of, uses_of
from modelservice.project.model import Kind
from studio.content.models import Branch, Item
from studio.content.secrets import masked_address
from studio.content.selectors.items import text_of

Document = dict[str, Any]
_ALWAYS = "always_include_in_prompt"


def language_model_document(branch: Branch, *, with_secrets: bool) -> Document:
    """`unreadable` is the file that is no YAML map, and then all else is empty. A key is never in
    it; without `with_secrets` no password of an address is, either."""
    found: Document = {"component": "", "place": "none", "group": "", "settings": None, "more": []}
    found |= {"uses": [], "unreadable": "", "always": flows_always_in_prompt(branch)}
    texts = {CONFIG: text_of(branch, Kind.CONFIG), ENDPOINTS: text_of(branch, Kind.ENDPOINTS)}
    maps = {}
    for file, text in texts.items():
        try:
            maps[file] = read_map(text, file)
        except ProjectError:
            return {**found, "unreadable": file}
    config, endpoints = maps[CONFIG], maps[ENDPOINTS]
    model = language_model_of(config, endpoints)
    told = asdict(model)
    if told["settings"] is not None and not with_secrets:
        told["settings"]["api_base"] = masked_address(told["settings"]["api_base"])
    return {
        **found,
        **told,
        "more": [each._asdict() for each in model.more],
        "uses": [asdict(use) for use in uses_of(config, endpoints)],
    }


def flows_always_in_prompt(branch: Branch) -> list[Document]:
    """Flows that the command generator is shown whatever the user says, in the order of names."""
    rows = Item.objects.filter(branch=branch, kind=Kind.FLOW)
    rows = rows.annotate(text=Cast("blob__body", TextField())).filter(text__contains=_ALWAYS)
    found = [
        {"flow": key, "flow_name": summary["name"]}
        for key, summary, body in rows.values_list("key", "summary", "blob__body")
        if body.get(_ALWAYS) is True
    ]
    return sorted(found, key=lambda each: each["flow_name"].casefold())
