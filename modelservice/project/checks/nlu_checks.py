"""Checks of one entry of nlu.yml."""

from typing import Any

from modelservice.project.checks.problems import Problem
from modelservice.project.checks.reporting import Report
from modelservice.project.conditions.expressions import UnusableExpression, compile_pattern
from modelservice.project.nlu_examples import read_examples


def check_nlu(key: str, body: Any) -> list[Problem]:
    """Patterns that cannot be used are left out; the others of their name stay."""
    report = Report("nlu", key, key)
    for texts in read_examples([body]).patterns.values():
        for text in texts:
            try:
                compile_pattern(text)
            except UnusableExpression as error:
                message = f"The pattern “{text}” is left out: it {error}."
                report.warning("pattern_unusable", message, pointer="/examples")
    return report.problems
