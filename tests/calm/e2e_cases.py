"""Files of end-to-end tests, written and run by the command."""

from pathlib import Path

from modelservice.calm.command_line import main


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(path: object, model: Path, *flags: object) -> int:
    return main(["test", "e2e", str(path), "-m", str(model), *map(str, flags)])


def case(steps: str, *, name: str = "one", more: str = "") -> str:
    return f"test_cases:\n  - test_case: {name}\n{more}    steps:\n{steps}"


BALANCE = "      - user: /SetSlots(language=de)\n      - user: what is my balance\n"
