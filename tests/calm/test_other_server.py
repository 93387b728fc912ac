"""Servers that endpoints.yml names: how their place is written, and what a wrong one says."""

from typing import Any

import pytest

from modelservice.calm.errors import ProjectError
from modelservice.calm.other_server import Endpoint, endpoint_in

URL = "https://actions.example/webhook"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"url": ""}, None),
        ({"actions_module": "actions"}, None),
        ({"url": URL}, Endpoint(URL)),
        ({"url": URL, "headers": None, "basic_auth": None, "token": ""}, Endpoint(URL)),
        (
            {"url": URL, "token": 7, "headers": {"X-Team": 1}},
            Endpoint(URL, token="7", headers={"X-Team": "1"}),
        ),
        (
            {"url": URL, "basic_auth": {"username": "studio", "password": 5}},
            Endpoint(URL, basic_auth=("studio", "5")),
        ),
    ],
)
def test_an_endpoint_is_read(settings: Any, expected: Endpoint | None) -> None:
    assert endpoint_in(settings, "action_endpoint") == expected


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["url"], "'nlg' must be a map"),
        ("http://actions.example", "'nlg' must be a map"),
        ({"url": URL, "headers": ["X-Team"]}, "'nlg.headers' must be a map"),
        ({"url": URL, "basic_auth": "studio"}, "'nlg.basic_auth' must have a username"),
        ({"url": URL, "basic_auth": {"username": "a"}}, "'nlg.basic_auth' must have a username"),
    ],
)
def test_a_wrong_endpoint_is_named(settings: Any, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        endpoint_in(settings, "nlg")
