"""The Rasa CLI of a person, against the backend in this process."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.cli.client import Answer, CliClient
from tests.cli.example import project
from tests.conftest import AsUser

CliOf = Callable[..., CliClient]


def posting(client: APIClient) -> Callable[[Mapping[str, Any]], Answer]:
    def post(body: Mapping[str, Any]) -> Answer:
        answer = client.post("/api/graphql/", body, format="json")
        return answer.status_code, json.loads(answer.getvalue())

    return post


@pytest.fixture
def cli_of(as_user: AsUser) -> CliOf:
    """`cli_of("Developer")`: the CLI of a new person with these roles."""

    def make(*roles: str, username: str = "", version: str = "3.21") -> CliClient:
        return CliClient(posting(as_user(*roles, username=username)), version)

    return make


__all__ = ["CliOf", "cli_of", "posting", "project"]
