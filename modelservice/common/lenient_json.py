"""JSON as Python's `json.dumps` writes it, which is more than JSON."""

import json
import math
import re
from typing import Any

import orjson

_BYTE_ORDER_MARK = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def loads(text: str) -> Any:
    """NaN and numbers that are infinite are read as null, half a surrogate pair as U+FFFD, and a
    byte order mark is passed over.

    :raises ValueError: the text is no JSON even so, or nested too deeply
    """
    try:
        return orjson.loads(text)
    except ValueError as error:
        reason = error
    try:
        value = json.loads(
            text.removeprefix(_BYTE_ORDER_MARK), parse_constant=_null, parse_float=_finite
        )
        # Pairs have become one character by now; what is left of them is half a pair.
        written = _SURROGATE.sub(_REPLACEMENT, json.dumps(value, ensure_ascii=False))
        return orjson.loads(written)
    except (ValueError, RecursionError):
        raise reason from None


def _null(_name: str) -> None:
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
