"""What the CLI sends of a project comes back as it was, and changes nothing that nobody changed.

Over generated projects, the samples, and projects as people have them.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from modelservice.project.archive import read_archive
from modelservice.project.documents import domain_document, flows_document, nlu_document
from modelservice.project.errors import ProjectError
from modelservice.project.flow_document import read_flow
from modelservice.project.model import DOMAIN_SECTIONS, Kind, Project, TextKind
from modelservice.project.parts import Parts, parts_of, read_parts
from modelservice.project.project_reader import read_files
from modelservice.project.spelled_flow import shortened
from modelservice.project.yaml_reader import parse_yaml
from modelservice.project.yaml_writer import to_yaml
from studio.content.pushed import Known, pushed_items
from tests.cli.spelled import spelled_out
from tests.project.project_tokens import PROJECTS, SETTINGS
from tests.project.test_cases import CASES, SAMPLES
from tests.project.test_cases import files_of as files_in
from tests.project.test_law import files_of
from tests.project.test_spelled_flow import ends

_FLOWS = {Kind.FLOW, Kind.SYSTEM_FLOW}


def sent_of(project: Project) -> Parts:
    """As `rasa studio push` reads and sends it: all files as one, flows spelled out."""
    items = [(item.kind.value, item.key, item.body) for item in project.items]
    flows = {
        key: spelled_out(key, body) for key, body in flows_document(items).get("flows", {}).items()
    }
    nlu = nlu_document(items)
    texts = {kind: text.text for kind, text in project.texts.items()}
    return Parts(
        flows=to_yaml({"flows": flows}) if flows else None,
        domain=to_yaml(domain_document(items)),
        config=texts.get(TextKind.CONFIG),
        endpoints=texts.get(TextKind.ENDPOINTS),
        nlu=to_yaml(nlu) if nlu else "",
    )


def documents(parts: Parts) -> dict[str, Any]:
    return {name: parse_yaml(text, name).value for name, text in parts.texts().items()}


def check(project: Project) -> None:
    state = {item.identity: Known(item.body, item.source_path or "", 0) for item in project.items}
    state |= {
        (kind.value, text.path): Known(text.text, text.path, 0)
        for kind, text in project.texts.items()
    }
    sent = sent_of(project)
    assert pushed_items(state, read_parts(sent)) == {}

    made = read_parts(sent).project
    first = parts_of(made, intents=None, entities=[])
    again = parts_of(read_parts(first).project, intents=None, entities=[])
    assert first == again
    expected = documents(sent)
    if expected.get("flows"):
        flows = expected["flows"]["flows"]
        expected["flows"] = {"flows": {key: shortened(key, body) for key, body in flows.items()}}
    found = documents(first)
    assert found["domain"] == expected["domain"]
    assert found.get("flows") == expected.get("flows")
    assert found.get("nlu") == (expected["nlu"] or None)
    for kind, text in project.texts.items():
        if text.text.strip() and kind is not TextKind.CREDENTIALS:
            assert getattr(first, kind.value) == text.text, "byte for byte"


def is_read_by_rasa(project: Project) -> bool:
    """Whether the client could send it at all: it reads every flow first, and the forms of a
    domain."""
    flows = [item for item in project.items if item.kind in _FLOWS]
    sections = [
        item.body
        for item in project.items
        if item.kind is Kind.SECTION and item.key.rsplit("#", 1)[-1] in DOMAIN_SECTIONS
    ]
    return (
        all(ends(step) for flow in flows for step in read_flow(flow.key, flow.body).steps)
        and all(flow.body.get("steps") for flow in flows)
        and all(sections)
    )


@given(PROJECTS, SETTINGS)
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_projects_of_tokens(project: dict[str, Any], around: dict[str, Any]) -> None:
    files = files_of(project)
    files["domain/more.yml"] = to_yaml(around["domain"]).encode()
    files["data/nlu.yml"] = to_yaml({"nlu": around["nlu"]}).encode()
    files["endpoints.yml"] = to_yaml(around["endpoints"]).encode()
    try:
        read = read_files(files)
    except ProjectError:
        return
    if is_read_by_rasa(read):
        check(read)


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir()))
def test_samples(sample: str) -> None:
    check(read_files(files_in(SAMPLES / sample)))


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_projects_of_people(case: str) -> None:
    folder: Path = CASES / case
    archives = list(folder.glob("*.zip"))
    files = read_archive(archives[0].read_bytes()).files if archives else files_in(folder)
    try:
        project = read_files(files)
    except ProjectError:
        pytest.skip("no project")
    check(project)
