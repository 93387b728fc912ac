"""What is installed to run Studio is used by it."""

import re
import tomllib
from importlib.metadata import packages_distributions

from tests.running_studio import ROOT

PROGRAMS = ("studio", "modelservice", "ingestion")
NAME = re.compile(r"[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_each_runtime_dependency_is_imported_or_named_in_a_setting() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    sources = "\n".join(
        path.read_text() for folder in PROGRAMS for path in (ROOT / folder).rglob("*.py")
    )
    modules: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for each in distributions:
            modules.setdefault(plain(each), set()).add(module)
    unused = []
    for requirement in project["dependencies"]:
        found = NAME.match(requirement)
        assert found, requirement
        names = modules[plain(found.group())]
        used = (rf"(?:import|from) {re.escape(name)}\b|\"{re.escape(name)}[.\"]" for name in names)
        if not any(re.search(pattern, sources) for pattern in used):
            unused.append(requirement)
    assert unused == []
