"""Projects as people have them, each with what the checks say of it and whether it trains."""

import shutil
from pathlib import Path

import pytest

from modelservice.calm.command_line import main
from modelservice.project.archive import read_archive
from modelservice.project.checks.content import Content
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.validate import check_all
from modelservice.project.errors import ProjectError
from modelservice.project.model import Project
from modelservice.project.project_reader import read_files, read_zip
from modelservice.project.project_writer import write_files, write_zip
from tests.project.example import zip_of

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(__file__).parents[2] / "studio" / "samples"


def files_of(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def problems_of(project: Project) -> list[Problem]:
    agents = (kept.path.split("/") for kept in project.kept)
    content = Content(
        {item.identity: item.body for item in project.items},
        frozenset(parts[1] for parts in agents if parts[0] == "sub_agents"),
    )
    return [problem for found in check_all(content).values() for problem in found]


def told(project: Project, severity: str) -> set[tuple[str, str]]:
    """(item, code)"""
    found = problems_of(project)
    return {(problem.id, problem.code) for problem in found if problem.severity == severity}


def trains(folder: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    shutil.copytree(folder, work / "project")
    monkeypatch.chdir(work / "project")
    domain = "domain" if (work / "project" / "domain").is_dir() else "domain.yml"
    return main(["train", "--domain", domain]) == 0


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("call-of-a-sub-agent", {("find_car", "call_of_agent")}),
        (
            "condition-with-python-None",
            {("show_booking", "condition_unknown_word")},
        ),
        ("else-branch-with-next", {("report_damage", "branch_key_unknown")}),
        ("link-in-the-middle-of-the-list", set()),
        ("persisted-slot-collected-by-called-flow", set()),
        ("buttons-of-odd-kinds", None),
        ("empty-endpoints-yml", set()),
        ("prompts-in-folder-prompt_templates", set()),
        ("comments-after-one-edit", set()),
        ("e2e-tests-in-folder-tests", set()),
    ],
)
def test_no_error_and_it_trains(
    name: str,
    warnings: set[tuple[str, str]] | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = read_files(files_of(CASES / name))
    assert told(project, "error") == set()
    if warnings is not None:
        assert told(project, "warning") == warnings
    assert trains(CASES / name, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("own-slot-named-language", {("language", "slot_reserved")}),
        ("flow-left-out-and-linked-by-pattern", {("broken", "response_missing")}),
    ],
)
def test_an_error_and_it_does_not_train(
    name: str,
    errors: set[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert told(read_files(files_of(CASES / name)), "error") == errors
    assert not trains(CASES / name, tmp_path, monkeypatch)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(errors)
    assert all(f"'{item}'" in line for (item, _code), line in zip(errors, said, strict=True))


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_samples_have_no_error(sample: str) -> None:
    assert told(read_files(files_of(SAMPLES / sample)), "error") == set()


def test_a_condition_with_none_is_repaired_in_one_click() -> None:
    found = problems_of(read_files(files_of(CASES / "condition-with-python-None")))
    [fix] = [problem.fix for problem in found if problem.code == "condition_unknown_word"]
    assert fix is not None
    assert fix.action == "set_text"
    assert fix.arguments["text"] == 'slots.booking is not null and slots.booking = "x"'


def test_payloads_of_odd_kinds_are_named_as_what_they_are() -> None:
    found = problems_of(read_files(files_of(CASES / "buttons-of-odd-kinds")))
    odd = [problem for problem in found if problem.code == "payload_not_text"]
    assert {problem.message for problem in odd} == {
        "The payload is the number 12; put it in quotes.",
        "The payload is the number 123; put it in quotes.",
        "Rasa takes only text as payload.",
    }
    assert [problem.fix.arguments for problem in odd if problem.fix] == [
        {"text": "12"},
        {"text": "123"},
    ]


@pytest.mark.parametrize(
    ("further", "says"),
    [
        ({"archive/v1/flows.yml": "flows: {send_money: {}}"}, "archive/v1/flows.yml"),
        ({"domain_old.yml": "slots: {amount: {type: text}}"}, "domain_old.yml"),
        ({"flows_old.yml": "flows: 4"}, "flows_old.yml"),
        ({"old_version/data/flows.yml": "flows: []"}, "old_version/data/flows.yml"),
        ({"env/lib/site/x.yml": "intents: 4"}, "env/lib/site/x.yml"),
        ({"helm/values.yaml": "slots: 4"}, "helm/values.yaml"),
        ({"games/reels.yml": "slots: {left: {type: text}}"}, "games/reels.yml"),
        ({"nlp/intents.yml": "intents: [left]"}, "nlp/intents.yml"),
        ({"nlp/nlu.yml": "nlu: [{intent: left}]"}, "nlp/nlu.yml"),
    ],
)
def test_yaml_that_lies_elsewhere_is_kept_and_not_used(further: dict[str, str], says: str) -> None:
    base = files_of(CASES / "copy-of-flows-in-backup-folder")
    plain = {path: base[path] for path in base if not path.startswith("backup/")}
    files = {**plain, **{path: text.encode() for path, text in further.items()}}
    project = read_files(files)
    assert bodies(project) == bodies(read_files(plain))
    [kept] = [kept for kept in project.kept if kept.path == says]
    assert kept.what.startswith("looks like ")
    assert write_files(project) == files


def bodies(project: Project) -> dict[tuple[str, str], object]:
    return {item.identity: item.body for item in project.items}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("copy-of-flows-in-backup-folder", {"backup/flows.yml", "backup/domain.yml"}),
        (
            "yaml-of-other-programs-with-our-keys",
            {
                *("helm/values.yaml", "api/openapi.yml", "dashboards/board.yml"),
                *("games/reels.yml", "docker-compose.yml", "tools/e2e/x.yml"),
            },
        ),
    ],
)
def test_copies_and_files_of_other_programs(name: str, kept: set[str]) -> None:
    files = files_of(CASES / name)
    project = read_files(files)
    assert kept <= {one.path for one in project.kept}
    assert told(project, "error") == set()
    assert write_files(project) == files


def test_content_elsewhere_is_read_where_nothing_else_is() -> None:
    files = files_of(CASES / "copy-of-flows-in-backup-folder")
    moved = {
        "bot/flows.yml": files["data/flows.yml"],
        "bot/domain.yml": files["domain.yml"],
        "config.yml": files["config.yml"],
    }
    project = read_files(moved)
    assert project.counts()["flows"]
    assert project.counts()["responses"]
    assert write_files(project) == moved


def test_an_empty_file_comes_back_empty() -> None:
    files = files_of(CASES / "empty-endpoints-yml")
    assert write_files(read_files(files)) == files


def test_a_link_inside_the_zip_is_what_it_points_to() -> None:
    content = (CASES / "links-in-the-zip" / "flows-through-a-link.zip").read_bytes()
    files = read_archive(content).files
    assert files["data/flows.yml"] == files["shared/flows.yml"]
    project = read_zip(content)
    assert project.counts()["flows"] == 1
    assert read_archive(write_zip(project)).files == files


def test_links_that_lead_out_are_left_out_and_told() -> None:
    content = (CASES / "links-in-the-zip" / "unrelated-link.zip").read_bytes()
    project = read_zip(content)
    assert {path for path, _reason in project.unused} == {"venv", ".env"}
    assert project.counts()["flows"] == 1


def test_paths_that_differ_only_in_case_are_both_kept_and_told() -> None:
    base = files_of(CASES / "condition-with-python-None")
    files = {
        **base,
        "data/Flows.yml": b"flows: {other: {description: other, steps: [{noop: true}]}}\n",
        "docs/a.md": b"1",
        "Docs/A.md": b"2",
        "DOCS/a.md": b"3",
    }
    project = read_zip(zip_of(files))
    told = [(warning.file, warning.message) for warning in project.warnings]
    assert [file for file, message in told if "capital letters" in message] == [
        *("Docs/A.md", "data/flows.yml", "docs/a.md")
    ]
    assert project.counts()["flows"] == read_files(base).counts()["flows"] + 1
    assert write_files(project) == files


@pytest.mark.parametrize("more", [{}, {"data/flows.yml": b"flows: {}\n"}])
def test_a_project_of_the_mantle_engine_is_named(more: dict[str, bytes]) -> None:
    files = {"agent.yml": b"agent: {}\n", "skills/pay/skill.md": b"# pay\n", **more}
    with pytest.raises(ProjectError, match="Mantle engine"):
        read_files(files)


def test_flows_beside_an_agent_are_read() -> None:
    files = {**files_of(CASES / "condition-with-python-None"), "agent.yml": b"agent: {}\n"}
    assert read_files(files).unused == []
    files["skills/pay/skill.md"] = b"# pay\n"
    project = read_files(files)
    assert project.unused == [("agent.yml", "of Rasa's Mantle engine; not run here")]
    assert write_files(project) == files


def test_an_agent_is_told_as_one() -> None:
    project = read_files(files_of(CASES / "call-of-a-sub-agent"))
    [kept] = [kept.what for kept in project.kept if kept.path.endswith("config.yml")]
    assert kept.startswith("an agent; this runtime does not run agents")


SLOT = """\
slots: {amount: {type: float, validation: %s}}
responses: {utter_no: [{text: A}], utter_ask_amount: [{text: B}], utter_done: [{text: C}]}
"""
REJECTION = "{if: 'slots.amount > 5', utter: utter_no%s}"


@pytest.mark.parametrize(
    ("validation", "key"),
    [
        (f"{{rejections: [{REJECTION % ''}], odd: 1}}", "/validation/odd"),
        (f"{{rejections: [{REJECTION % ', then: x'}]}}", "/validation/rejections/0/then"),
        (f"{{rejections: [{REJECTION % ', next: END'}], refill_utter: utter_no}}", "/validation"),
        (f"{{rejections: [{REJECTION % ''}], 4: 1}}", "/validation/4"),
    ],
)
def test_keys_without_effect_in_validation_are_warnings(
    validation: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(CASES / "e2e-tests-in-folder-tests")
    files["domain.yml"] = (SLOT % validation).encode()
    found = problems_of(read_files(files))
    [told] = [problem for problem in found if problem.code == "validation_key_unknown"]
    assert (told.severity, str(told.pointer).startswith(key)) == ("warning", True)
    for path, content in files.items():
        (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / path).write_bytes(content)
    assert trains(tmp_path / "source", tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("{call: car_finder}", "call_of_agent"),
        ("{call: other, exit_if: ['slots.model is not null']}", "call_of_agent"),
        (
            "{call: book, mcp_server: cars, mapping: {input: [{slot: model, param: m}],"
            " output: [{slot: model, value: result}]}}",
            "call_of_tool",
        ),
        ("{call: nobody}", "call_target_missing"),
    ],
)
def test_calls_of_what_is_no_flow_are_told_and_the_rest_trains(
    call: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    shutil.copytree(CASES / "call-of-a-sub-agent", folder)
    steps = f"[{{collect: model}}, {call}, {{action: utter_done}}]"
    flow = f"flows: {{find_car: {{description: find a car, steps: {steps}}}}}\n"
    (folder / "data" / "flows.yml").write_text(flow, encoding="utf-8")
    domain = "slots: {model: {type: text}}\n"
    said = "responses: {utter_ask_model: [{text: A}], utter_done: [{text: B}]}\n"
    (folder / "domain.yml").write_text(domain + said, encoding="utf-8")
    project = read_files(files_of(folder))
    assert (told(project, "error"), told(project, "warning")) == (set(), {("find_car", code)})
    assert trains(folder, tmp_path, monkeypatch)


@pytest.mark.parametrize("word", ["None", "none", "nil", "NIL"])
@pytest.mark.parametrize(
    "condition",
    ["slots.booking is not {}", "not slots.booking = {}", "slots.booking == {} or {} = 'x'"],
)
def test_words_of_other_languages_for_null(
    word: str, condition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    shutil.copytree(CASES / "condition-with-python-None", folder)
    text = condition.replace("{}", word)
    steps = f'[{{noop: true, next: [{{if: "{text}", then: END}}, {{else: END}}]}}]'
    flow = f"flows: {{show: {{description: show a booking, steps: {steps}}}}}\n"
    (folder / "data" / "flows.yml").write_text(flow, encoding="utf-8")
    found = problems_of(read_files(files_of(folder)))
    assert {(problem.code, problem.severity) for problem in found} == {
        ("condition_unknown_word", "warning")
    }
    fixed = {problem.fix.arguments["text"] for problem in found if problem.fix}
    assert fixed == {condition.replace("{}", "null")}
    assert trains(folder, tmp_path, monkeypatch)


def test_a_system_flow_of_an_own_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source"
    shutil.copytree(CASES / "e2e-tests-in-folder-tests", folder)
    flows = "flows: {pattern_greeting: {description: greet, steps: [{action: utter_done}]}}\n"
    (folder / "data" / "more.yml").write_text(flows, encoding="utf-8")
    project = read_files(files_of(folder))
    assert told(project, "error") == set()
    assert told(project, "warning") == {("pattern_greeting", "pattern_unknown")}
    assert trains(folder, tmp_path, monkeypatch)
