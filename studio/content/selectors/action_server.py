"""Who runs the custom actions of an assistant, as its form shows it."""

from dataclasses import asdict
from typing import Any

from modelservice.project.action_server import ENDPOINTS, action_server_of
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import is_code
from modelservice.project.model import Kind
from studio.content.models import Branch, Item
from studio.content.secrets import masked_address
from studio.content.selectors.items import text_of


def action_server_document(branch: Branch, *, with_secrets: bool) -> dict[str, Any]:
    """`unreadable` is true where endpoints.yml is no YAML map, and then nothing else is told."""
    text = text_of(branch, Kind.ENDPOINTS)
    try:
        endpoints = read_map(text, ENDPOINTS)
    except ProjectError:
        endpoints, unreadable = {}, True
    else:
        unreadable = False
    files = Item.objects.filter(branch=branch, kind=Kind.FILE).values_list("key", flat=True)
    found = action_server_of(endpoints)
    return {
        **asdict(found),
        "url": found.url if with_secrets else masked_address(found.url),
        "code_files": sum(map(is_code, files)),
        "actions": Item.objects.filter(branch=branch, kind=Kind.ACTION).count(),
        "unreadable": unreadable,
    }
