"""The Compose file and the images agree with each other and with the table of settings."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.studio.test_settings_table import in_the_table

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "deploy/images"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose/compose.yml").read_text())
OURS = {name: each for name, each in COMPOSE["services"].items() if "studio-" in each["image"]}
SHIPPED = ("backend", "ingestion", "migration", "modelservice", "python", "web")


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_variables_that_are_read(name: str) -> None:
    given = {variable.removesuffix("_FILE") for variable in OURS[name].get("environment", {})}
    assert given - in_the_table() == set()


@pytest.mark.parametrize("name", OURS)
def test_a_service_may_do_nothing_that_it_need_not(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["user"] == "1001:1001"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_names_a_release(name: str) -> None:
    assert "${TAG:?" in OURS[name]["image"]


def test_each_secret_is_a_file_that_git_does_not_keep() -> None:
    assert "/deploy/compose/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("secrets/")
    for service in COMPOSE["services"].values():
        variables = service.get("environment", {}).items()
        mounted = {str(value).rsplit("/", 1)[-1] for name, value in variables if "_FILE" in name}
        assert mounted <= set(service.get("secrets", []))


@pytest.mark.parametrize("role", SHIPPED)
def test_an_image_starts_its_process_without_a_shell_as_nobody(role: str) -> None:
    text = (IMAGES / role / "Containerfile").read_text(encoding="utf-8")
    last = text.rsplit("\nFROM ", 1)[-1]
    assert not re.search(r"^(CMD|ENTRYPOINT) (?!\[)", last, re.MULTILINE)
    users = re.findall(r"^USER (.*)", last, re.MULTILINE)
    assert users[-1:] in ([], ["1001:1001"])  # without one it is that of the image below
    assert ":latest" not in text


@pytest.mark.parametrize(
    ("role", "service", "port"),
    [("backend", "backend", 4000), ("modelservice", "model-service", 8000)],
)
def test_nginx_passes_on_to_where_a_service_listens(role: str, service: str, port: int) -> None:
    assert f"EXPOSE {port}\n" in (IMAGES / role / "Containerfile").read_text(encoding="utf-8")
    assert f"server {service}:{port} " in (IMAGES / "web/one-origin.conf").read_text()
    assert service in COMPOSE["services"]
