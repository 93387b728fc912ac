"""JSON values to YAML that an author would like to read, and that reads back as the same values."""

from typing import Any

import yaml

from modelservice.project.scalars import reads_as_text

_WIDTH = 100
_ENDLESS = 2**31 - 1


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style: str | None = None
    if "\n" in text and _fits_a_block(text):
        style = "|"
    elif not reads_as_text(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _fits_a_block(text: str) -> bool:
    """libyaml writes no block for trailing blanks; leading ones need an indent indicator."""
    return (
        not any(line.endswith((" ", "\t")) for line in text.split("\n")) and text[0] not in " \n\t"
    )


_Dumper.add_representer(str, _represent_text)


def to_yaml(value: Any, *, flow: bool = False) -> str:
    """`flow` writes maps and lists as `{…}` and `[…]`, on one line."""
    return str(
        yaml.dump(
            value,
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=flow,
            width=_ENDLESS if flow else _WIDTH,
        )
    )
