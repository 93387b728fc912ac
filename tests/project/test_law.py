"""The law: what the checks call free of errors trains; what trains is never called an error."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings

from modelservice.calm.models.model import Model, build_assistant
from modelservice.calm.training.source import RawProject, read_project
from modelservice.calm.training.training import TrainingFailed, check, taught
from modelservice.project.checks.content import Content
from modelservice.project.checks.validate import check_all
from modelservice.project.errors import ProjectError
from modelservice.project.model import Project
from modelservice.project.project_reader import read_files
from modelservice.project.yaml_writer import to_yaml
from tests.project.fuzzing import examples
from tests.project.project_tokens import PROJECTS, SETTINGS

DOMAIN = {"actions": ["action_pay"], "intents": ["greet"]}
CONFIG = {"language": "en", "pipeline": [{"name": "CompactLLMCommandGenerator"}]}


def files_of(project: dict[str, Any]) -> dict[str, bytes]:
    domain = {"slots": project["slots"], "responses": project["responses"], **DOMAIN}
    return {
        "config.yml": to_yaml(CONFIG).encode(),
        "data/flows.yml": to_yaml({"flows": project["flows"]}).encode(),
        "domain.yml": to_yaml(domain).encode(),
    }


def errors_of(project: Project) -> list[str]:
    content = Content({item.identity: item.body for item in project.items})
    return [
        f"{problem.id}: {problem.code} {problem.pointer}"
        for problems in check_all(content).values()
        for problem in problems
        if problem.severity == "error"
    ]


def written(folder: Path, files: dict[str, bytes]) -> RawProject:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return read_project(
        data=[folder / "data"],
        domain=folder / "domain.yml",
        config=folder / "config.yml",
        endpoints=folder / "endpoints.yml",
    )


def trains(project: RawProject) -> bool:
    try:
        model = check(project, name="law")
    except TrainingFailed:
        return False
    model = taught(model, project, name="law")
    stored = json.loads(json.dumps(asdict(model), default=str))
    assert build_assistant(Model(**stored), name="law").flows.get("pay") is not None
    return True


@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(PROJECTS)
def test_free_of_errors_is_what_trains(tmp_path: Path, project: dict[str, Any]) -> None:
    files = files_of(project)
    try:
        errors = errors_of(read_files(files))
    except ProjectError as refused:  # the import says no: its shape is wrong
        errors = [finding.message for finding in refused.findings]
    assert trains(written(tmp_path, files)) is (not errors), errors


FLOW = {"pay": {"description": "pay", "steps": [{"action": "utter_done"}]}}


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(SETTINGS)
@example(
    {
        **{key: {} for key in ("config", "endpoints", "domain")},
        # Examples without a word.
        "nlu": [{"intent": name, "examples": "- (\n"} for name in ("greet", "leave")],
    }
)
def test_odd_settings_stop_no_training(tmp_path: Path, settings: dict[str, Any]) -> None:
    """What is left out is warned of; only lists and maps that are none are refused."""
    domain = {**settings["domain"], "responses": {"utter_done": [{"text": "Done."}]}}
    files = {
        "config.yml": to_yaml(settings["config"]).encode(),
        "data/flows.yml": to_yaml({"flows": FLOW}).encode(),
        "data/nlu.yml": to_yaml({"nlu": settings["nlu"]}).encode(),
        "domain.yml": to_yaml(domain).encode(),
        "endpoints.yml": to_yaml(settings["endpoints"]).encode(),
    }
    try:
        errors = errors_of(read_files(files))
    except ProjectError as refused:
        errors = [finding.message for finding in refused.findings]
    assert trains(written(tmp_path, files)) is (not errors), errors


@settings(
    max_examples=examples(2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(PROJECTS)
def test_the_command_trains_or_says_why(tmp_path: Path, project: dict[str, Any]) -> None:
    written(tmp_path, files_of(project))
    places = {"--data": "data", "--domain": "domain.yml", "--config": "config.yml", "--out": "out"}
    flags = [part for flag, name in places.items() for part in (flag, str(tmp_path / name))]
    ended = subprocess.run(
        [sys.executable, "-m", "modelservice.calm", "train", *flags],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ended.stderr.splitlines()
    assert (ended.returncode, bool(lines)) in {(0, False), (1, True)}, ended.stderr
    assert all(line.startswith("error: ") for line in lines), ended.stderr
