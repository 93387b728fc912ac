"""XLIFF 1.2, which translators' tools read best: OmegaT, Weblate, Trados, Phrase and memoQ.

Slots are inline codes, so no tool breaks them. Characters that XML cannot hold are codes, too.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from xml.parsers import expat

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.response_texts import IN_BRACES
from modelservice.project.translation_files import TextState, TranslationFile, Unit

_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# What XML 1.0 cannot hold, and the line end that a reader would change.
_UNFIT = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODE = re.compile(f"{IN_BRACES.pattern}|{_UNFIT.pattern}", re.DOTALL)
_STATES: dict[TextState, str] = {
    "missing": "needs-translation",
    "outdated": "needs-review-translation",
    "done": "translated",
}
_DONE = {"translated", "final", "signed-off"}
_MAX_DEPTH = 50


def write_xliff(file: TranslationFile) -> bytes:
    root = ET.Element("xliff", {"version": "1.2", "xmlns": _NAMESPACE})
    about = {
        "original": file.assistant,
        "source-language": file.source_language,
        "target-language": file.language,
        "datatype": "plaintext",
        "build-num": file.commit,
        "product-name": _fit(file.name),
    }
    body = ET.SubElement(ET.SubElement(root, "file", about), "body")
    elements = []
    for item, units in groupby(file.units, key=lambda unit: unit.id.rpartition("#")[0]):
        group = ET.SubElement(body, "group", {"id": _fit(item), "resname": _fit(item)})
        elements += [(_unit_element(group, unit, file), unit) for unit in units]
    # Before the words are in: white space counts in them.
    ET.indent(root)
    for (source, target), unit in elements:
        numbers = _numbers(unit)
        _write_text(source, unit.source, numbers)
        _write_text(target, unit.target, numbers)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _unit_element(
    group: ET.Element, unit: Unit, file: TranslationFile
) -> tuple[ET.Element, ET.Element]:
    about = {"id": _fit(unit.id), "restype": f"x-{unit.field}", f"{_XML}space": "preserve"}
    element = ET.SubElement(group, "trans-unit", about)
    source = ET.SubElement(element, "source", {f"{_XML}lang": file.source_language})
    about = {f"{_XML}lang": file.language, "state": _STATES[unit.state]}
    target = ET.SubElement(element, "target", about)
    if unit.before is not None:
        ET.SubElement(element, "note").text = _fit(f"Translated from: {unit.before}")
    return source, target


def _numbers(unit: Unit) -> Iterator[int]:
    """Ids for the codes of the source, then of the target: a code has that of its like."""
    free: dict[str, list[int]] = {}
    count = 0
    for match in _CODE.finditer(unit.source):
        count += 1
        free.setdefault(match[0], []).append(count)
        yield count
    for match in _CODE.finditer(unit.target):
        ids = free.get(match[0])
        count += not ids
        yield ids.pop(0) if ids else count


def _write_text(element: ET.Element, text: str, numbers: Iterator[int]) -> None:
    last = 0
    end: ET.Element | None = None
    for match in _CODE.finditer(text):
        _append(element, end, text[last : match.start()])
        code, last = match[0], match.end()
        about = {"id": str(next(numbers))}
        if _UNFIT.search(code):
            about |= {"ctype": "x-signs", "equiv-text": _names_of(code)}
            end = ET.SubElement(element, "x", about)
        else:
            end = ET.SubElement(element, "ph", {**about, "ctype": "x-slot"})
            end.text = code
    _append(element, end, text[last:])


def _append(element: ET.Element, end: ET.Element | None, text: str) -> None:
    if end is None:
        element.text = text
    else:
        end.tail = text


def _names_of(signs: str) -> str:
    return " ".join(f"U+{ord(sign):04X}" for sign in signs)


def _fit(text: str) -> str:
    return _UNFIT.sub("?", text)


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str]
    line: int
    children: "list[_Node | str]" = field(default_factory=list)

    def named(self, *tags: str) -> "Iterator[_Node]":
        for child in self.children:
            if isinstance(child, _Node):
                if child.tag in tags:
                    yield child
                elif child.tag in {"body", "group"}:
                    yield from child.named(*tags)

    def first(self, tag: str) -> "_Node | None":
        return next(
            (one for one in self.children if isinstance(one, _Node) and one.tag == tag), None
        )


def read_xliff(content: bytes) -> TranslationFile:
    """:raises ProjectError: it cannot be read, or is not ours; with the line"""
    root = _parse(content)
    version = root.attributes.get("version", "")
    if root.tag != "xliff" or not version.startswith("1."):
        what = f"XLIFF {version}" if root.tag == "xliff" else f"<{root.tag}>"
        raise _broken(f"This is {what[:60]}: save it as XLIFF 1.2.", root.line)
    files = [each for each in root.children if isinstance(each, _Node) and each.tag == "file"]
    if len(files) != 1:
        raise _broken(f"There are {len(files)} files in this one; an export has one.", root.line)
    [file] = files
    about = file.attributes
    return TranslationFile(
        assistant=about.get("original", ""),
        commit=about.get("build-num", ""),
        source_language=about.get("source-language", ""),
        language=about.get("target-language", ""),
        units=tuple(_read_unit(unit) for unit in file.named("trans-unit")),
        name=about.get("product-name", ""),
    )


def _read_unit(unit: _Node) -> Unit:
    source, target = unit.first("source"), unit.first("target")
    if source is None or "id" not in unit.attributes:
        raise _broken("This text has no id, or no source.", unit.line)
    codes: dict[str, str] = {}
    words = _read_text(source, codes)
    translated = "" if target is None else _read_text(target, dict(codes))
    state = "" if target is None else target.attributes.get("state", "")
    return Unit(
        id=unit.attributes["id"],
        field=unit.attributes.get("restype", "").removeprefix("x-"),
        source=words,
        target=translated,
        state=_state(state, translated),
        line=unit.line,
    )


def _state(written: str, target: str) -> TextState:
    if not target.strip():
        return "missing"
    return "done" if written in _DONE else "outdated"


def _read_text(node: _Node, codes: dict[str, str]) -> str:
    """What an inline code holds is its text; one that a tool has emptied is told by its id."""
    parts: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
            continue
        if child.attributes.get("ctype") == "x-signs" and child.attributes.get("equiv-text"):
            text = _signs(child)
        else:
            text = _read_text(child, codes)
        known = codes.setdefault(child.attributes.get("id", ""), text)
        if not text and child.tag in {"x", "ph"}:
            if not known:
                raise _broken(
                    f"This <{child.tag}> stands for nothing that is in the source.", child.line
                )
            text = known
        parts.append(text)
    return "".join(parts)


def _signs(node: _Node) -> str:
    try:
        return "".join(chr(int(one[2:], 16)) for one in node.attributes["equiv-text"].split())
    except (ValueError, OverflowError) as error:
        raise _broken("The signs that this stands for cannot be read.", node.line) from error


def _parse(content: bytes) -> _Node:
    """A tree without a look at entities, DTDs or anything outside of the file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = _Node("", {}, 1)
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        line = parser.CurrentLineNumber
        if len(stack) > _MAX_DEPTH:
            raise _broken(f"This is nested more than {_MAX_DEPTH} levels deep.", line)
        node = _Node(name.rpartition(" ")[2], attributes, line)
        stack[-1].children.append(node)
        stack.append(node)

    def characters(text: str) -> None:
        stack[-1].children.append(text)

    def doctype(*_about: object) -> None:
        raise _broken("A DOCTYPE has no place in an XLIFF file.", parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: stack.pop()
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)  # noqa: FBT003  its only form
    except expat.ExpatError as error:
        raise _broken(f"This is not XML: {expat.ErrorString(error.code)}.", error.lineno) from error
    except (LookupError, ValueError) as error:
        raise _broken("The encoding of this file is not known.", 1) from error
    root = top.first(next(one.tag for one in top.children if isinstance(one, _Node)))
    assert root is not None  # noqa: S101  XML without an element is refused by the parser
    return root


def _broken(message: str, line: int | None) -> ProjectError:
    return ProjectError(Finding(message, line=line))
