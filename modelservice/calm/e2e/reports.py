"""What is told of a run: on the console, as Rasa's result files, as JUnit XML and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from modelservice.calm.channels.bot import Bot
from modelservice.calm.e2e.coverage import (
    Visited,
    commands_of,
    coverage_of,
    coverage_rows,
    visited_steps,
    write_table,
)
from modelservice.calm.e2e.judging import NOT_JUDGED
from modelservice.calm.e2e.runner import Result
from modelservice.calm.e2e.shared import read_content

STATUSES = ("passed", "failed")
# What XML 1.0 cannot hold.
_NOT_IN_XML = {number: None for number in range(32) if number not in (9, 10, 13)}


# -- console -----------------------------------------------------------------------------------


def summary_lines(results: Sequence[Result]) -> Iterator[str]:
    accuracies = accuracy(results)
    if accuracies:
        yield "accuracy by assertion:"
        yield from (f"  {kind}: {share:.2%}" for kind, share in accuracies.items())
    failed = sum(not result.passed for result in results)
    not_judged = sum(len(result.not_judged) for result in results)
    more = f", {not_judged} assertions not judged" if not_judged else ""
    yield f"{len(results) - failed} passed, {failed} failed{more}"


def case_lines(result: Result) -> Iterator[str]:
    case, failure = result.case, result.failure
    if failure is None:
        yield f"passed: {case.name}"
        yield from (f"  {case.file}:{each.line}: {each.text()}" for each in result.not_judged)
        return
    yield f"FAILED: {case.name}"
    yield f"  {case.file}:{failure.line}: {failure.text()}"
    yield from (f"    | {line}" for line in result.transcript())


def accuracy(results: Iterable[Result]) -> dict[str, float]:
    """Share of each kind of assertion that held; those after a failure were not looked at."""
    held = Counter(kind for result in results for kind in result.held)
    failed = Counter(result.failure.kind for result in results if result.failure)
    kinds = sorted(held | failed)
    return {kind: held[kind] / (held[kind] + failed[kind]) for kind in kinds}


def coverage_lines(bot: Bot, results: Sequence[Result]) -> Iterator[str]:
    for status, visited in visited_by_status(results).items():
        yield f"coverage of {status} tests:"
        rows = coverage_rows(coverage_of(bot.assistant, visited, bot.model.step_lines))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            yield "  " + "  ".join(cells).rstrip()


def visited_by_status(results: Iterable[Result]) -> dict[str, Visited]:
    """Steps by status, of those that there are results of."""
    found: dict[str, Visited] = {}
    for result in results:
        status = _status(result)
        found[status] = found.get(status, Visited()) | visited_steps(result.events)
    return {status: found[status] for status in STATUSES if status in found}


def _status(result: Result) -> str:
    return "passed" if result.passed else "failed"


# -- files -------------------------------------------------------------------------------------


def write_results(path: Path, results: Sequence[Result]) -> None:
    """Rasa's two files: `…_passed.yml` and `…_failed.yml`."""
    for status in STATUSES:
        chosen = [_rasa_result(result) for result in results if _status(result) == status]
        file = path.with_name(f"{path.stem}_{status}{path.suffix or '.yml'}")
        _write_yaml(file, {"test_results": chosen})


def _rasa_result(result: Result) -> dict[str, Any]:
    steps = _plain(result.case.body.get("steps"))
    told = {"name": result.case.name, "pass_status": result.passed, "expected_steps": steps}
    failure = result.failure
    if failure is None:
        return told
    told["error_path"] = f"{result.case.file}:{failure.line}"
    if any(step.assertions for step in result.case.steps):
        told["assertion_failure"] = {
            "assertion": {failure.kind: _plain(failure.expected)},
            "error_message": failure.problem,
            "actual_events_transcript": result.transcript(),
            "error_line": failure.line,
        }
    else:
        told["difference"] = [failure.text(), *result.transcript()]
    return told


def write_cases(folder: Path, results: Sequence[Result], status: str) -> None:
    """The test files again, with nothing but the cases of this status."""
    chosen: dict[str, list[Any]] = {}
    for result in results:
        if _status(result) == status:
            chosen.setdefault(result.case.file, []).append(_plain(result.case.body))
    taken: set[str] = set()
    for file, cases in chosen.items():
        content = {**read_content(Path(file)), "test_cases": cases}
        name = _free_name(Path(file), taken)
        taken.add(name)
        _write_yaml(folder / name, _plain(content))


def _free_name(file: Path, taken: set[str]) -> str:
    """Files of one name may come from several folders."""
    names = [file.name, *(f"{file.stem}_{n}{file.suffix}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def write_coverage(folder: Path, bot: Bot, results: Sequence[Result]) -> None:
    """A table of steps, one of commands and the cases themselves, for each status."""
    for status, visited in visited_by_status(results).items():
        rows = coverage_rows(coverage_of(bot.assistant, visited, bot.model.step_lines))
        write_table(folder / f"coverage_report_for_{status}_tests.csv", rows)
        counts: Counter[str] = Counter()
        for result in results:
            if _status(result) == status:
                counts += commands_of(result.events)
        table = [("Command", "Count"), *sorted(counts.items())]
        write_table(folder / f"commands_of_{status}_tests.csv", table)
        write_cases(folder / status, results, status)


def write_json(path: Path, bot: Bot, results: Sequence[Result]) -> None:
    """Everything that a program wants to know of a run, coverage included."""
    visited = Visited().union(*(visited_steps(result.events) for result in results))
    coverages = coverage_of(bot.assistant, visited, bot.model.step_lines)
    body = {
        "passed": sum(result.passed for result in results),
        "failed": sum(not result.passed for result in results),
        "accuracy": accuracy(results),
        "cases": [_json_result(result) for result in results],
        "coverage": [coverage.as_dict() for coverage in coverages],
        "commands": dict(sum((commands_of(r.events) for r in results), Counter[str]())),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(body, ensure_ascii=False, indent=1, default=str)
    path.write_text(text, encoding="utf-8")


def _json_result(result: Result) -> dict[str, Any]:
    failure = result.failure
    return {
        "name": result.case.name,
        "file": result.case.file,
        "line": result.case.line,
        "passed": result.passed,
        "milliseconds": round(result.seconds * 1000, 1),
        "transcript": result.said(),
        "not_judged": [
            {"line": each.line, "assertion": each.kind, "problem": NOT_JUDGED}
            for each in result.not_judged
        ],
        "failure": failure
        and {
            "line": failure.line,
            "after": failure.after,
            "assertion": failure.kind,
            "expected": _plain(failure.expected),
            "problem": failure.problem,
        },
    }


def write_junit(path: Path, results: Sequence[Result]) -> None:
    """As build servers read it: one suite, a case each."""
    failed = sum(not result.passed for result in results)
    seconds = f"{sum(result.seconds for result in results):.3f}"
    counts = {"tests": str(len(results)), "failures": str(failed), "errors": "0"}
    root = ElementTree.Element("testsuites", {**counts, "time": seconds})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "e2e", **counts, "time": seconds})
    for result in results:
        attributes = {
            "name": result.case.name,
            "classname": result.case.file,
            "time": f"{result.seconds:.3f}",
        }
        case = ElementTree.SubElement(suite, "testcase", _for_xml(attributes))
        if result.not_judged:
            told = [f"{result.case.file}:{each.line}: {each.text()}" for each in result.not_judged]
            ElementTree.SubElement(case, "system-out").text = "\n".join(told).translate(_NOT_IN_XML)
        if result.failure is not None:
            message = {"message": result.failure.text(), "type": result.failure.kind}
            failure = ElementTree.SubElement(case, "failure", _for_xml(message))
            told = [f"{result.case.file}:{result.failure.line}", *result.transcript()]
            failure.text = "\n".join(told).translate(_NOT_IN_XML)
    ElementTree.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _for_xml(attributes: Mapping[str, str]) -> dict[str, str]:
    return {key: value.translate(_NOT_IN_XML) for key, value in attributes.items()}


def _write_yaml(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def _plain(value: Any) -> Any:
    """YAML that was read, without the lines it was read from."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
