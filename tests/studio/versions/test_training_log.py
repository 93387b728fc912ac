"""What logs say, those of our trainer and those of others."""

import pytest

from studio.versions.training_log import error_of, progress_of, told_warnings, warnings_of

OURS = """\
progress: 25% check
progress: 60% learn
warning: the error pattern needs a language model: left out
"""


def test_progress_and_warnings() -> None:
    assert progress_of(OURS) == (60, "train")
    assert progress_of("nothing\nof the kind") is None
    assert warnings_of(OURS) == ["the error pattern needs a language model: left out"]


def test_a_warning_leads_to_the_flow_that_it_names() -> None:
    told = [
        "data/nlu.yml:3: flow 'pay': “I pay for flow 'order'” is an example of 'pay'",
        "flow 'left_out': x",
        "x",
    ]
    assert [each["flow"] for each in told_warnings(told, ["order", "pay"])] == ["pay", None, None]


@pytest.mark.parametrize(
    ("log", "message", "line", "flow"),
    [
        (f"{OURS}error: flow 'pay' has no steps\n", "flow 'pay' has no steps", 4, "pay"),
        ("2026-01-01 10:00:00 ERROR broken\nmore\n", "broken", 1, None),
        (
            'Traceback (most recent call last):\n  File "x"\n    e()\nValueError: flow: other\n',
            "ValueError: flow: other",
            4,
            None,
        ),
        ("one\nlast words\n====\n", "last words", 2, None),
        ("", "The training ended without a word.", None, None),
    ],
)
def test_error_is_readable(log: str, message: str, line: int | None, flow: str | None) -> None:
    error = error_of(log, ["pay"])
    assert (error["message"], error["log_line"], error["flow"]) == (message, line, flow)
