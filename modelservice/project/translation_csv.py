"""Texts for translators as a table, for Excel and its like.

UTF-8 with a byte order mark, so that Excel knows it. A cell that a spreadsheet would take for a
formula begins with an apostrophe, which is taken off again.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import get_args

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.translation_files import (
    MAX_BYTES,
    TextState,
    TranslationFile,
    Unit,
)

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_HEAD = re.compile(r"id \((?P<assistant>[^ ()]+) (?P<commit>[^()]+)\)")
_COLUMNS = 5
_STATES: tuple[str, ...] = get_args(TextState)

csv.field_size_limit(MAX_BYTES)


def write_csv(file: TranslationFile) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    about = f"id ({file.assistant} {file.commit})"
    writer.writerow([about, "what", "state", file.source_language, file.language])
    for unit in file.units:
        cells = (unit.id, unit.field, unit.state, unit.source, unit.target)
        writer.writerow([_guarded(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_csv(content: bytes) -> TranslationFile:
    """With commas, semicolons or tabs, as spreadsheets write them.

    :raises ProjectError: it cannot be read, or is not ours; with the line
    """
    rows = _rows(_decoded(content))
    line, head = next(rows, (1, []))
    about = _HEAD.fullmatch(head[0].strip()) if head else None
    if about is None or len(head) < _COLUMNS:
        message = "This is not a table of translations: the first row of an export is missing."
        raise _broken(message, line)
    return TranslationFile(
        assistant=about["assistant"],
        commit=about["commit"],
        source_language=head[3].strip(),
        language=head[4].strip(),
        units=tuple(_unit(row, line) for line, row in rows if any(row)),
    )


def _unit(row: list[str], line: int) -> Unit:
    if len(row) < _COLUMNS:
        raise _broken(f"There are {len(row)} cells in this row; {_COLUMNS} were exported.", line)
    name, field, state, source, target = (_as_written(cell) for cell in row[:_COLUMNS])
    if state not in _STATES:
        raise _broken(f"“{state[:60]}” is none of the states {', '.join(_STATES)}.", line)
    known: TextState = (
        "missing" if not target.strip() else "done" if state == "done" else "outdated"
    )
    return Unit(id=name, field=field, source=source, target=target, state=known, line=line)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _broken("This is not UTF-8: save it as “CSV UTF-8”.", line) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line where it ends, cells)"""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise _broken(f"This table cannot be read: {error}.", reader.line_num) from error


def _broken(message: str, line: int) -> ProjectError:
    return ProjectError(Finding(message, line=line))
