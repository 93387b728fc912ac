"""The values that a condition compares a name with, written anew; all else stays as it is."""

from collections.abc import Callable, Iterator

from modelservice.project.conditions.syntax import Token, tokens

_EQUALS = ("=", "==", "!=", "is")
_LITERALS = ("text", "number", "true", "false")
Change = Callable[[str], str]


class NotQuotable(ValueError):
    """No quotes of a condition can hold the text."""


def with_compared(text: str, name: str, change: Change) -> str:
    """The condition with what `name` is compared with for equality, or what a set holds that is to
    contain it, as `change` makes it of the value written.

    :raises ConditionError: as `syntax.tokens`
    :raises NotQuotable: `change` makes a text of it with quotes of both kinds
    """
    result, place = "", 0
    for token in _compared(list(tokens(text)), name):
        value = _value(token)
        new = change(value)
        if new != value:
            result += text[place : token.start] + _quoted(new, token.text[0])
            place = token.start + len(token.text)
    return result + text[place:]


def _compared(found: list[Token], name: str) -> Iterator[Token]:
    for index, token in enumerate(found):
        if token.kind in _EQUALS:
            before, after = found[index - 1 : index], found[index + 1]
            if token.kind == "is" and after.kind == "not":
                after = found[index + 2]
            if before and before[0].text == name and after.kind in _LITERALS:
                yield after
            elif before and before[0].kind in _LITERALS and after.text == name:
                yield before[0]
        elif token.kind == "contains" and found[index + 1].text == name:
            yield from _members(found, index - 1)


def _members(found: list[Token], end: int) -> list[Token]:
    """The literals of the set that closes at `end`, in their order."""
    if end < 0 or found[end].kind != "}":
        return []
    begin = end
    while begin > 0 and found[begin].kind != "{":
        begin -= 1
    return [token for token in found[begin:end] if token.kind in _LITERALS]


def _value(token: Token) -> str:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "number":
        number = float(token.text)
        return str(int(number)) if number.is_integer() else str(number)
    return token.text.title()  # as Rasa turns true and false of YAML into texts


def _quoted(value: str, quote: str) -> str:
    quotes = [quote, *"'\""] if quote in "'\"" else ["'", '"']
    for each in quotes:
        if each not in value:
            return f"{each}{value}{each}"
    raise NotQuotable(value)
