"""What a training says of config.yml and endpoints.yml, and the table of it in the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modelservice.calm.command_line import main
from modelservice.calm.models.model import read_model
from modelservice.calm.training import settings_table
from modelservice.calm.training.settings_table import Setting

TABLE = Path(__file__).parents[2] / "deploy" / "docs" / "rasa-settings.md"
_ROW = re.compile(r"\| `(?P<key>[\w.]+)` \| (?P<treatment>\w+) \| (?P<note>[^|]*) \|")
FILES = {
    "config.yml": "recipe: default.v1\nlanguage: en\nassistant_id: a\n",
    "domain.yml": "responses: {utter_hi: [{text: Hi}]}\n",
    "data/flows.yml": "flows: {greet: {description: greet, steps: [{action: utter_hi}]}}\n",
    "endpoints.yml": "",
}


def test_the_manual_has_the_same_table() -> None:
    written = [
        Setting(row["key"], row["treatment"], row["note"].strip())  # type: ignore[arg-type]  # compared
        for row in _ROW.finditer(TABLE.read_text(encoding="utf-8"))
    ]
    tables = dict.fromkeys([settings_table.CONFIG, settings_table.ENDPOINTS])
    tables.update(dict.fromkeys(settings_table.COMPONENTS.values()))
    assert written == [setting for table in tables for setting in table]
    for name in settings_table.COMPONENTS:
        assert f"`{name}`" in TABLE.read_text(encoding="utf-8")


def told(folder: Path, capsys: pytest.CaptureFixture[str], **changes: str) -> list[str]:
    for name, text in {**FILES, **{f"{key}.yml": text for key, text in changes.items()}}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert main(["train"]) == 0
    lines = capsys.readouterr()
    return [line for line in (lines.out + lines.err).splitlines() if "warning" in line.lower()]


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("privacy", "{rules: []}", "'privacy' is ignored: no personal data"),
        ("tracker_store", "{type: SQL, db: x}", "'tracker_store' (type 'SQL') is not used"),
        ("tracker_store", "{type: my.Store}", "'tracker_store' (type 'my.Store') is not used"),
        ("lock_store", "{type: redis}", "'lock_store' (type 'redis') is not used"),
        ("tracing", "{type: jaeger}", "'tracing' (type 'jaeger') is ignored"),
        ("metrics", "{type: otlp}", "'metrics' (type 'otlp') is ignored"),
        ("secrets_manager", "{type: vault}", "'secrets_manager' (type 'vault') is not asked"),
        ("mcp_servers", "[{name: a, url: b}]", "'mcp_servers' is ignored"),
        ("something_new", "4", "'something_new' is not known to this runtime"),
        ("event_broker", "{type: pika}", "event_broker: type 'pika' is not known here"),
        ("event_broker", "{type: my.Broker}", "event_broker: type 'my.Broker' is not known"),
        ("model_groups", "[{id: a, router: {}, models: []}, {id: b, router: {x: 1}}]", "of 'b'"),
    ],
)
def test_each_key_of_endpoints_that_is_not_honoured_is_named_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    key: str,
    value: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    found = told(tmp_path, capsys, endpoints=f"{key}: {value}\n")
    assert len([line for line in found if says in line]) == 1, found


CONFIG = """\
recipe: default.v1
language: en
assistant_id: a
importers: [{name: my.Importer}]
odd: 1
pipeline:
- name: CompactLLMCommandGenerator
  flow_retrieval: {num_flows: 3, embeddings: {model_group: e}}
  max_things: 4
- name: my.own.Component
policies:
- name: FlowPolicy
- name: EnterpriseSearchPolicy
  check_relevancy: true
  vector_store: {type: faiss, threshold: 0.3}
"""


def test_each_key_of_config_that_is_not_honoured_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = told(tmp_path, capsys, config=CONFIG)
    for says in (
        "config: 'importers' is ignored",
        "config: 'odd' is not known",
        "CompactLLMCommandGenerator: 'flow_retrieval.embeddings' is not asked",
        "CompactLLMCommandGenerator: 'max_things' is not known",
        "pipeline: 'Component' is not part of this runtime",
        "EnterpriseSearchPolicy: 'check_relevancy' is not known",
        "EnterpriseSearchPolicy: 'vector_store.threshold' is not known",
    ):
        assert len([line for line in found if says in line]) == 1, (says, found)


def test_what_is_honoured_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(tmp_path, capsys, endpoints="action_endpoint: {url: 'http://localhost:1'}\n") == []


def test_a_project_of_the_mantle_engine_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "skills" / "pay").mkdir(parents=True)
    (tmp_path / "agent.yml").write_text("agent: {name: bank}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["train"]) == 1
    assert "Mantle engine" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["{outside}", "../secret.txt", "a/../../secret.txt"])
def test_prompts_outside_of_the_project_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    folder = tmp_path / "project"
    (folder / "a").mkdir(parents=True)
    monkeypatch.chdir(folder)
    written = path.replace("{outside}", str(secret))
    component = f"- {{name: CompactLLMCommandGenerator, prompt_template: {written}}}\n"
    config = f"{FILES['config.yml']}pipeline:\n{component}"
    found = told(folder, capsys, config=config)
    assert len([line for line in found if f"'{written}' is not in the project" in line]) == 1
    [model] = (folder / "models").glob("*")
    assert read_model(model).prompts == {}
