"""The command `test e2e`: read, run, report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelservice.calm.actions.process import ProcessSettings
from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.e2e.cases import TestCase, read_cases
from modelservice.calm.e2e.reports import (
    case_lines,
    coverage_lines,
    summary_lines,
    write_cases,
    write_coverage,
    write_json,
    write_junit,
    write_results,
)
from modelservice.calm.e2e.runner import Result, run_cases
from modelservice.calm.errors import CalmError


@dataclass(frozen=True, slots=True)
class Reports:
    """Where to write what; nothing is written where it is None."""

    results: Path | None = None
    failed_cases: Path | None = None
    coverage: Path | None = None
    junit: Path | None = None
    json: Path | None = None


def run_tests(
    path: Path,
    *,
    model: Path,
    endpoints: Mapping[str, Any] | None,
    environment: Mapping[str, str],
    stop_at_first: bool,
    reports: Reports,
    actions: ProcessSettings | str,
    say: Callable[[str], None],
) -> int:
    """Run all cases below a path; 0 if there were any and all passed."""
    cases = read_cases(path)
    if not cases:
        raise CalmError(f"there are no test cases in {path}")
    bot = load_bot(
        model, endpoints=endpoints, environment=environment, publish=False, actions=actions
    )
    results = asyncio.run(_run(bot, cases, stop_at_first=stop_at_first, say=say))
    for line in summary_lines(results):
        say(line)
    if reports.coverage is not None:
        for line in coverage_lines(bot, results):
            say(line)
    _write(reports, bot, results)
    return 0 if all(result.passed for result in results) else 1


async def _run(
    bot: Bot, cases: Sequence[TestCase], *, stop_at_first: bool, say: Callable[[str], None]
) -> list[Result]:
    try:
        if not any(case.stubs for case in cases):
            problem = await bot.custom_actions.problem()
            if problem is not None:
                say(f"warning: {problem}; custom actions will fail")

        def tell(result: Result) -> None:
            for line in case_lines(result):
                say(line)

        return await run_cases(bot, cases, stop_at_first=stop_at_first, tell=tell)
    finally:
        await bot.close()


def _write(reports: Reports, bot: Bot, results: Sequence[Result]) -> None:
    if reports.results is not None:
        write_results(reports.results, results)
    if reports.failed_cases is not None:
        write_cases(reports.failed_cases, results, "failed")
    if reports.coverage is not None:
        write_coverage(reports.coverage, bot, results)
    if reports.junit is not None:
        write_junit(reports.junit, results)
    if reports.json is not None:
        write_json(reports.json, bot, results)
