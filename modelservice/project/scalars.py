"""What a plain YAML scalar means: the core schema of YAML 1.2 (§10.3.2 of its specification).

Rasa reads YAML 1.2, so `yes`, `on` and `12:30` are texts, unlike in PyYAML's own 1.1 rules.
"""

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Python refuses to turn longer texts into integers; nobody means a number by them.
_MAX_DIGITS = 400


def plain_value(text: str) -> Scalar:
    """The value of an unquoted scalar. `.inf` and `.nan` stay texts: JSON has no such numbers."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > _MAX_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if abs(number) != float("inf") else text
    return text


def reads_as_text(text: str) -> bool:
    """Whether `text`, written without quotes, would come back as the same text."""
    return plain_value(text) == text and not _NOT_FINITE.fullmatch(text)
