"""Studio keeps to its description, whatever it is sent and whoever sends it: schemathesis makes up
requests to every operation of a running Studio, and all its checks hold.

Requests that a schema allows are refused with 400 only where `REFUSALS` says why.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from studio.accounts.roles import Role
from tests.running_studio import PASSWORD, ROOT, studio_alone
from tests.studio.described_studio import REFUSALS, DescribedStudio, description

EXAMPLES = int(os.environ.get("FUZZ_FACTOR", "1")) * 2
# Some 7,500 requests; whether they take longer than they should is not for this test to say.
SECONDS = 1200 if EXAMPLES == 2 else 6000
ALL_PHASES = "examples,coverage,fuzzing"


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DescribedStudio]:
    directory = tmp_path_factory.mktemp("studio")
    with studio_alone(directory, STUDIO_ACCESS_TOKEN_SECONDS="7200") as studio:
        yield DescribedStudio(studio)


def token(described: DescribedStudio, name: str) -> str:
    realm = f"{described.studio.url}/auth/realms/rasa-studio/protocol/openid-connect"
    answer = httpx2.post(
        f"{realm}/token",
        data={
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": name,
            "password": PASSWORD,
        },
    )
    return str(answer.json()["access_token"])


# Whoever may not delete comes first: what is there is there for the next one.
@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize(
    ("role", "phases"),
    [(Role.CONVERSATION_VIEWER, "fuzzing"), (Role.SUPER_USER, ALL_PHASES)],
)
def test_all_checks_hold(
    described: DescribedStudio, tmp_path: Path, role: Role, phases: str
) -> None:
    described.person(role.name.lower(), role.value)
    described.settings(tmp_path / "schemathesis.toml")
    description(tmp_path / "openapi.json")
    # One worker: Python 3.11 fails where two threads parse source at once, as Hypothesis does.
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"),
            "--config-file", "schemathesis.toml",
            "run", "openapi.json", "--url", described.studio.url,
            "--header", f"Authorization: Bearer {token(described, role.name.lower())}",
            "--checks", "all", "--phases", phases, "--max-examples", str(EXAMPLES),
            "--continue-on-failure", "--no-shrink", "--workers", "1", "--seed", "7", "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_reasons_are_of_operations_that_are_there() -> None:
    described = (ROOT / "frontend" / "openapi.yaml").read_text()
    for _method, address in REFUSALS:
        assert f"  /api/v1/{address}:" in described, address
