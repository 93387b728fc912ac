"""The form of the action server: what is set is read again, and all else stays byte for byte."""

from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from modelservice.project.action_endpoint import module_to_run
from modelservice.project.action_server import (
    ActionServer,
    Runner,
    action_server_of,
    with_action_server,
)
from modelservice.project.config_text import read_map

AROUND = "# models\nmodel_groups:\n- id: a   # one\n  models: [{provider: openai}]\n"
texts = st.sampled_from(
    [
        "",
        "# nothing yet\n{}\n",
        "action_endpoint:\n  url: http://localhost:5055/webhook # by hand\n",
        "# who runs them\naction_endpoint:\n  actions_module: own.code\n",
        "action_endpoint: {url: 'https://actions.example/webhook', token: '${TOKEN}'}\n",
        "action_endpoint:\n  headers: # of ours\n    x: y\n  url: https://a.example\n",
        "action_endpoint:\n",
    ]
)
runners = st.sampled_from(get_args(Runner))
addresses = st.sampled_from(["http://localhost:5055/webhook", "https://b.example/w?x=#1", "${U}"])


def read(text: str) -> dict[str, Any]:
    return read_map(text, "endpoints.yml")


@given(texts, st.booleans(), runners, addresses)
def test_what_is_set_is_read_again(text: str, around: bool, runner: Runner, url: str) -> None:
    before = AROUND + text.replace("{}\n", "") if around else text
    after = with_action_server(before, runner, url)
    found = action_server_of(read(after))
    assert found.runner == runner
    assert found.url == (url if runner == "server" else "")
    assert not around or after.startswith(AROUND)
    assert found.more == action_server_of(read(before)).more
    for note in ("# who runs them", "# of ours", "# nothing yet"):
        gone = note == "# who runs them" and runner == "none"
        assert note not in before or gone or note in after
    # What the runtime would run is what the form says.
    if runner == "project":
        assert module_to_run(read(after)) == found.module
    if runner == "none":
        assert module_to_run(read(after)) is None
    assert with_action_server(after, runner, url) == after


def test_what_stands_in_for_a_server_of_ones_own_machine() -> None:
    local = {"action_endpoint": {"url": "http://localhost:5055/webhook"}}
    assert action_server_of(local) == ActionServer(
        "server", local["action_endpoint"]["url"], "actions"
    )
    far = {"action_endpoint": {"url": "https://actions.example", "token": "x"}}
    assert action_server_of(far) == ActionServer(
        "server", "https://actions.example", "", ("token",)
    )
