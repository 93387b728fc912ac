"""How much the properties try: a few seconds in the tests, minutes in `make fuzz`."""

import os

_FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))


def examples(few: int) -> int:
    return few * _FACTOR
