"""Where the code of a custom action stands in a project, and what it has to do with."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionCode:
    """The class of an action: its file and first line; slots that it reads and sets, and responses
    that it says, as far as it names them by a literal, each once."""

    path: str
    line: int
    reads: tuple[str, ...]
    sets: tuple[str, ...]
    says: tuple[str, ...]


def action_code(action: str, files: Mapping[str, str]) -> ActionCode | None:
    """Of `files` (path to text of Python) the first class whose `name` returns this; None where
    there is none. A file that cannot be read is passed over."""
    for path, text in files.items():
        if action not in text:
            continue
        for found in _classes(text):
            if _name_of(found) == action:
                return ActionCode(
                    path,
                    found.lineno,
                    _firsts(found, "get_slot"),
                    _firsts(found, "SlotSet"),
                    tuple(dict.fromkeys(_said(found))),
                )
    return None


def _classes(text: str) -> list[ast.ClassDef]:
    try:
        return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _name_of(found: ast.ClassDef) -> str | None:
    for method in found.body:
        if isinstance(method, ast.FunctionDef) and method.name == "name":
            for node in ast.walk(method):
                if isinstance(node, ast.Return):
                    return _text(node.value)
    return None


def _text(node: ast.expr | None) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else None  # type: ignore[union-attr]  # as just looked at


def _calls(found: ast.ClassDef) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the name of what is called."""
    for node in ast.walk(found):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def _firsts(found: ast.ClassDef, called: str) -> tuple[str, ...]:
    """The first argument of the calls, where it is a literal."""
    texts = (_text(call.args[0]) for name, call in _calls(found) if name == called and call.args)
    return tuple(dict.fromkeys(text for text in texts if text))


def _said(found: ast.ClassDef) -> Iterator[str]:
    for name, call in _calls(found):
        for keyword in call.keywords if name == "utter_message" else ():
            text = _text(keyword.value) if keyword.arg in {"response", "template"} else None
            if text:
                yield text
