"""Who runs the custom actions of an assistant, as a form: `action_endpoint` of endpoints.yml."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from modelservice.project.action_endpoint import actions_module, stand_in_module
from modelservice.project.config_text import read_map
from modelservice.project.settings_text import Unwritable, rewritten

ENDPOINTS = "endpoints.yml"
_KEY, _URL, _MODULE = "action_endpoint", "url", "actions_module"
_USUAL = "actions"
Runner = Literal["none", "project", "server"]


@dataclass(frozen=True, slots=True)
class ActionServer:
    """`module` is the project's own that runs, or that stands in for a server on the assistant's
    machine while that one is not there; `more` are settings that the form does not show."""

    runner: Runner
    url: str
    module: str
    more: tuple[str, ...] = ()


def action_server_of(endpoints: Mapping[str, Any]) -> ActionServer:
    written = endpoints.get(_KEY)
    settings = written if isinstance(written, Mapping) else {}
    more = tuple(str(key) for key in settings if key not in (_URL, _MODULE))
    if settings.get(_URL):
        return ActionServer("server", str(settings[_URL]), stand_in_module(endpoints) or "", more)
    module = actions_module(endpoints)
    return ActionServer("none" if module is None else "project", "", module or "", more)


def with_action_server(text: str, runner: Runner, url: str) -> str:
    """endpoints.yml with this one; `url` is that of a server. Comments, order and layout stay, and
    so do the settings that the form does not show.

    :raises ProjectError: it is no YAML map
    :raises Unwritable: it is written in a way that only a person can edit; nothing is changed
    """
    before = read_map(text, ENDPOINTS)
    now = action_server_of(before)
    if now.runner == runner and (runner != "server" or now.url == url):
        return text
    after = deepcopy(before)
    written = after.get(_KEY)
    settings = dict(written) if isinstance(written, Mapping) else {}
    if runner != "server":
        settings.pop(_URL, None)
    if runner == "server":
        settings = {**settings, _URL: url} if _URL in settings else {_URL: url, **settings}
    elif runner == "project":
        settings[_MODULE] = now.module or _USUAL
    else:
        settings.pop(_MODULE, None)
    if settings:
        after[_KEY] = settings
    else:
        after.pop(_KEY, None)
    made = rewritten(text, before, after, ENDPOINTS)
    found = action_server_of(read_map(made, ENDPOINTS))
    if found.runner != runner or (runner == "server" and found.url != url):
        raise Unwritable(ENDPOINTS)
    return made
