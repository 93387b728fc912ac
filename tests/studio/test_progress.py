"""What a command tells while it works: nothing of what is quick, and elsewhere than its result."""

import io

import pytest
from django.core.management.base import OutputWrapper

from studio.common import progress
from studio.common.progress import Progress
from tests.modelservice.conftest import wait_until


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATIENCE", "_REWRITTEN", "_LINE"):
        monkeypatch.setattr(progress, name, 0.01)


def test_a_line_now_and_then_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with Progress(OutputWrapper(stream), "reading") as told:
        wait_until(lambda: stream.getvalue().count("reading, 0 s\n") > 1)
        told.text = "storing"
        wait_until(lambda: "storing, 0 s\n" in stream.getvalue())
    assert "\r" not in stream.getvalue()


def test_one_line_that_is_gone_at_the_end_on_a_terminal() -> None:
    stream = Terminal()
    with Progress(OutputWrapper(stream), "reading"):
        wait_until(lambda: "reading" in stream.getvalue())
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_nothing_of_what_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    stream = io.StringIO()
    with Progress(OutputWrapper(stream), "reading"):
        pass
    assert stream.getvalue() == ""


def test_an_error_goes_on_and_ends_it() -> None:
    stream = io.StringIO()
    with pytest.raises(OSError, match="away"), Progress(OutputWrapper(stream), "reading") as told:
        raise OSError("away")
    assert not told._told.is_alive()
