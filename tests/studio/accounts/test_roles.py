"""The table of permissions, cell by cell, and through a request."""

import pytest

from modelservice.bridge.identity import ROLES_THAT_MAY_TRY
from studio.accounts.roles import PERMISSIONS, Permission, Role, roles_with
from tests.conftest import AsUser

# One row a permission; columns in the order of the roles below. A change here is a decision.
ROLES = (
    Role.SUPER_USER, Role.LEAD_ANNOTATOR, Role.ANNOTATOR, Role.FLOW_BUILDER, Role.NLU_EDITOR,
    Role.BUSINESS_USER, Role.DEVELOPER, Role.CONVERSATION_ANALYST, Role.CONVERSATION_VIEWER,
)  # fmt: skip
TABLE = """
assistant.view       x x - x x x x x x
assistant.create     x - - x - - x - -
assistant.delete     x - - - - - x - -
assistant.purge      x - - - - - - - -
content.edit         x - - x - - x - -
settings.edit        x - - - - - x - -
training.run         x - - x x - x - -
assistant.try        x - - x - x x - -
conversation.view    x - - - - - - x x
conversation.review  x - - - - - - x -
conversation.delete  x - - - - - - x -
model.download       x - - x - - x - -
user.manage          x - - - - - - - -
"""


def cells() -> list[tuple[Role, Permission, bool]]:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    assert [row[0] for row in rows] == [permission.value for permission in Permission]
    return [
        (role, Permission(row[0]), mark == "x")
        for row in rows
        for role, mark in zip(ROLES, row[1:], strict=True)
    ]


@pytest.mark.parametrize(("role", "permission", "allowed"), cells())
def test_table(role: Role, permission: Permission, allowed: bool) -> None:
    assert (permission in PERMISSIONS[role]) is allowed


def test_chat_bridge_lets_in_who_may_try() -> None:
    assert set(roles_with(Permission.ASSISTANT_TRY)) == ROLES_THAT_MAY_TRY


@pytest.mark.django_db
def test_refusal_says_which_role_it_takes(as_user: AsUser) -> None:
    assert (
        as_user(Role.DEVELOPER).post("/api/v1/assistants/", {"name": "A"}, "json").status_code
        == 201
    )
    refused = as_user(Role.BUSINESS_USER).post("/api/v1/assistants/", {"name": "B"}, "json")
    assert refused.status_code == 403
    problem = refused.json()
    assert (problem["code"], problem["permission"]) == ("permission_denied", "assistant.create")
    assert problem["roles"] == ["SuperUser", "Flow Builder", "Developer"]
