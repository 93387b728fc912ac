"""Regular expressions that cannot run for ever: RE2's time grows with the length of the text only.

An expression means what it means in Python, whose `re` Rasa uses. RE2 knows letters, digits and
blanks of ASCII only, so those of all scripts are written out for it; `\\b` stays one of ASCII.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# Of one compiled expression; with the number that is kept, 256 MB of hostile ones at most.
_MAX_BYTES = 4 * 1024 * 1024
_KEPT = 64
_MAX_CHARACTERS = 2000
_WORD = r"\p{L}\p{N}_"
_NO_WORD = (
    r"\p{M}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{S}\p{Z}\p{C}"
    r"\x{203F}\x{2040}\x{2054}\x{FE33}\x{FE34}\x{FE4D}-\x{FE4F}\x{FF3F}"
)
_BLANK = r"\x09-\x0D\x1C-\x1F\x{85}\p{Z}"
_NO_BLANK = (
    r"\x00-\x08\x0E-\x1B\x21-\x{84}\x{86}-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}"
    r"\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{10FFFF}"
)
# What stands for a class outside of brackets, and inside of them.
_CLASSES = {
    "w": (f"[{_WORD}]", _WORD),
    "W": (f"[^{_WORD}]", _NO_WORD),
    "s": (f"[{_BLANK}]", _BLANK),
    "S": (f"[^{_BLANK}]", _NO_BLANK),
    "d": (r"\p{Nd}", r"\p{Nd}"),
    "D": (r"\P{Nd}", r"\P{Nd}"),
}
_PART = re.compile(
    r"\\u(?P<u>[0-9A-Fa-f]{4})|\\U(?P<U>[0-9A-Fa-f]{8})|\\(?P<escaped>.)"
    r"|(?P<upto>\{,(?=\d+\}))|(?P<sign>[\[\]$])|(?P<other>[^\\\[\]${]+|\{)",
    re.DOTALL,
)
_MULTILINE = re.compile(r"\(\?[a-z]*m")
_FOREIGN_BOUNDARY = re.compile(r"\\[bB][^\x00-\x7F]|[^\x00-\x7F]\\[bB]")


class UnusableExpression(ValueError):
    """`str()` goes on with a sentence that names the expression."""


class Expression:
    """An expression that can be searched for in any text."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def search(self, text: str) -> bool:
        """Whether the expression fits anywhere in the text."""
        return self._compiled.search(text.encode("utf-8", "replace")) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every place that it fits, without those that are empty."""
        readable = text.encode("utf-8", "replace").decode()
        for match in self._compiled.finditer(readable):
            if match.end() > match.start():
                yield match.start(), match.end()


@lru_cache(maxsize=_KEPT)
def compile_expression(pattern: str) -> Expression:
    """An expression of a condition.

    :raises UnusableExpression: Python would not take it, or RE2 cannot do what it asks for
    """
    # As in Python, the end is also before a line break that ends the text.
    return _compiled(pattern, end=r"(?:\n?\z)", ignore_case=False)


def compile_pattern(pattern: str) -> Expression:
    """A pattern of nlu.yml, whose places are wanted, in any case.

    :raises UnusableExpression: as `compile_expression`
    """
    return _compiled(pattern, end=r"\z", ignore_case=True)


def _compiled(pattern: str, *, end: str, ignore_case: bool) -> Expression:
    # Imported here: few assistants have one, and all of them are to start fast.
    import re2

    if len(pattern) > _MAX_CHARACTERS:
        raise UnusableExpression(f"has more than {_MAX_CHARACTERS:,} characters")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        raise UnusableExpression(f"is not one: {error}") from error
    if _FOREIGN_BOUNDARY.search(pattern):
        raise UnusableExpression("has \\b beside a letter that is not one of a-z; leave out \\b")
    options = re2.Options()
    options.max_mem, options.log_errors = _MAX_BYTES, False
    options.case_sensitive = not ignore_case
    try:
        return Expression(re2.compile(_for_re2(pattern, end).encode(), options))
    except (re2.error, UnicodeEncodeError) as error:
        raise UnusableExpression(f"cannot be used here: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """RE2 says where it stopped; an author has to know what is not there."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if "invalid perl operator" in text:
        return "look-arounds (?=…) (?!…) (?<=…) (?<!…) and groups such as (?>…) are not supported"
    if "invalid escape sequence" in text or "invalid named" in text:
        return f"what refers back to a group, such as \\1, is not supported ({text})"
    if "repetition" in text:
        return f"it repeats too much ({text})"
    return text


def _for_re2(pattern: str, end: str) -> str:
    """The same expression as RE2 writes it. It is one that Python takes; `end` stands for `$`."""
    ends_lines = bool(_MULTILINE.search(pattern))
    written: list[str] = []
    in_class = at_start_of_class = False
    for part in _PART.finditer(pattern):
        was_at_start, at_start_of_class = at_start_of_class, False
        text = part.group()
        if part["sign"] == "[" and not in_class:
            in_class = at_start_of_class = True
        elif part["sign"] == "[":
            text = r"\["
        elif part["sign"] == "]" and in_class:
            # Right behind the opening bracket, or behind [^, it stands for itself.
            in_class = was_at_start
            text = r"\]" if was_at_start else text
        elif part["sign"] == "$" and not in_class and not ends_lines:
            text = end
        elif part["upto"] and not in_class:
            text = "{0,"
        elif part["u"] or part["U"]:
            text = rf"\x{{{part['u'] or part['U']}}}"
        elif part["escaped"]:
            text = _escaped(part["escaped"], in_class=in_class)
        elif part["other"] == "^" and was_at_start:
            at_start_of_class = True
        written.append(text)
    return "".join(written)


def _escaped(character: str, *, in_class: bool) -> str:
    if character in _CLASSES:
        return _CLASSES[character][in_class]
    if character == "Z":
        return r"\z"
    if character == "b" and in_class:
        return r"\x08"
    if character == "_" or ord(character) > 127:
        return character
    return f"\\{character}"
