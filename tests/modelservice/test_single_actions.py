"""One custom action of a project is run by a real model service, without training."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from modelservice.service.single_actions import MAX_PARALLEL
from tests.modelservice.assistants import LIBRARY, bot_config, files_of, trick_files
from tests.modelservice.conftest import Service, encoded

TRICKS = {
    "answers": "dispatcher.utter_message(text='fine'); return [SlotSet('result', os.getpid())]",
    "reads": "print('seen'); dispatcher.utter_message(text=tracker.get_slot('kind'))",
    "raises": "print('before'); return [][3]",
    "refuses": "raise ActionExecutionRejection('action_refuses', 'not now')",
    "sleeps": "time.sleep(60)",
    "says": "dispatcher.utter_message(response='utter_unknown')",
    "prints": "print('x' * 300_000)",
}


def run(service: Service, name: str, files: dict[str, bytes], **changes: Any) -> Any:
    endpoints = changes.pop("endpoints", "action_endpoint: {actions_module: actions}")
    config = {
        **bot_config(files, endpoints),
        "domain": encoded(files["domain/domain.yml"].decode()),
    }
    body = {"action": name, "slots": {}, "bot_config": config, **changes}
    answer = service.http.post("/action", json=body, timeout=60)
    assert not list((service.directory / "actions").iterdir())
    return answer


def test_what_it_says_sets_and_prints(strict: Service) -> None:
    files = trick_files(TRICKS)
    done = run(strict, "action_reads", files, slots={"kind": "tea"}).json()
    [said] = done["events"]
    assert (said["event"], said["text"]) == ("bot", "tea")
    assert (done["problem"], done["output"]) == (None, "seen")
    assert 0 <= done["seconds"] < 10
    done = run(strict, "action_answers", files).json()
    set_to = [event["value"] for event in done["events"] if event["event"] == "slot"]
    assert len(set_to) == 1
    done = run(strict, "action_says", files).json()
    assert [event["text"] for event in done["events"]] == ["unknown"]


def test_a_failure_names_the_line_and_brings_the_traceback(strict: Service) -> None:
    files = trick_files(TRICKS)
    done = run(strict, "action_raises", files).json()
    assert "IndexError" in done["problem"]
    lines = files["actions/tricks.py"].decode().splitlines()
    assert done["file"] == "actions/tricks.py"
    assert "return [][3]" in lines[done["line"] - 1]
    assert done["output"].startswith("before\nTraceback")
    assert f'File "actions/tricks.py", line {done["line"]}' in done["output"]
    assert done["events"] == []
    broken = {**files, "actions/tricks.py": b"class X(:\n"}
    done = run(strict, "action_raises", broken).json()
    assert (done["file"], done["line"]) == ("actions/tricks.py", 1)


def test_what_does_not_run_says_why(strict: Service) -> None:
    files = trick_files(TRICKS)
    done = run(strict, "action_refuses", files).json()
    assert (done["rejected"], done["problem"]) == (True, "not now")
    assert "within 2 seconds" in run(strict, "action_sleeps", files).json()["problem"]
    assert len(run(strict, "action_prints", files).json()["output"]) == 100_000
    done = run(strict, "action_reads", files, slots={"gone": 1}).json()
    assert done["problem"] == "'gone' is not a slot of this assistant"
    done = run(strict, "action_gone", files).json()
    assert done["problem"] == "'action_gone' is not a custom action of this assistant"
    assert "actions_module" in run(strict, "action_reads", files, endpoints="{}").json()["problem"]
    half = {**files, "domain/domain.yml": files["domain/domain.yml"] + b"responses: [x]\n"}
    assert run(strict, "action_reads", half).json()["problem"]


def test_bodies_that_make_no_sense_are_refused(strict: Service) -> None:
    files = files_of(LIBRARY)
    wrong: list[dict[str, Any]] = [{"action": "--help"}, {"slots": [1]}, {"bot_config": 3}]
    for changes in wrong:
        answer = run(strict, "action_find_book", files, **changes)
        assert (answer.status_code, bool(answer.json()["message"])) == (400, True)


def test_only_so_many_run_at_a_time(strict: Service) -> None:
    files = trick_files(TRICKS)
    config = {**bot_config(files), "domain": encoded(files["domain/domain.yml"].decode())}

    def sleep(_number: int) -> int:
        body = {"action": "action_sleeps", "bot_config": config}
        return strict.http.post("/action", json=body, timeout=60).status_code

    with ThreadPoolExecutor(MAX_PARALLEL + 1) as pool:
        statuses = sorted(pool.map(sleep, range(MAX_PARALLEL + 1)))
    assert statuses == [*[200] * MAX_PARALLEL, 429]
