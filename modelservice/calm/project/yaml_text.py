"""YAML as CALM projects mean it: YAML 1.2 scalars, no duplicate keys, lines kept."""

from __future__ import annotations

import re
from typing import Any

import yaml

from modelservice.calm.errors import ProjectError

# A document whose aliases unfold to more nodes than this is an alias bomb, not a project.
MAX_NODES = 2_000_000


class Located(dict[Any, Any]):
    """A mapping that remembers the line (1-based) it was written at."""

    line: int = 0


def line_of(value: object) -> int | None:
    return value.line if isinstance(value, Located) else None


class _Loader(yaml.CSafeLoader):
    """CSafeLoader with the YAML 1.2 core schema: `yes`, `on`, `2024-01-01` stay strings."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_SCALARS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("merge", r"<<", "<"),
)
for _name, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    if text.startswith(("0o", "0x")):
        return int(text, 0)
    return int(text, 10)


def _float(loader: _Loader, node: yaml.ScalarNode) -> float:
    return float(str(loader.construct_scalar(node)).replace(".inf", "inf").replace(".nan", "nan"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    _refuse_duplicate_keys(loader, node)
    loader.flatten_mapping(node)
    mapping = Located()
    mapping.line = node.start_mark.line + 1
    mapping.update(loader.construct_mapping(node, deep=True))
    return mapping


def _refuse_duplicate_keys(loader: _Loader, node: yaml.MappingNode) -> None:
    seen: set[object] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, "a key must be plain text", key_node.start_mark
            )
        if key_node.tag.endswith(":merge"):
            continue
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key '{key}' is written twice", key_node.start_mark
            )
        seen.add(key)


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load_yaml(text: str, *, file: str) -> Any:
    """Parse one YAML document.

    Mappings come back as `Located`. Raises `ProjectError` naming file and line for broken
    syntax, duplicate keys, unknown tags and alias bombs.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _unfolded_size(node, {}, file)
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise ProjectError(_problem(error), file=file, line=_line(error)) from error
    except (RecursionError, ValueError) as error:
        raise ProjectError(f"cannot be read as YAML ({error})", file=file) from error
    finally:
        loader.dispose()


def _unfolded_size(node: yaml.Node, sizes: dict[int, int], file: str) -> int:
    known = sizes.get(id(node))
    if known is not None:
        if known == 0:
            raise ProjectError("an alias contains itself", file=file, line=_node_line(node))
        return known
    sizes[id(node)] = 0
    size = 1
    if isinstance(node, yaml.SequenceNode):
        size += sum(_unfolded_size(item, sizes, file) for item in node.value)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            size += _unfolded_size(key, sizes, file) + _unfolded_size(value, sizes, file)
    if size > MAX_NODES:
        raise ProjectError("aliases unfold to an unreasonable size", file=file)
    sizes[id(node)] = size
    return size


def _node_line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _problem(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return f"not valid YAML: {problem}"


def _line(error: yaml.YAMLError) -> int | None:
    mark = getattr(error, "problem_mark", None)
    return None if mark is None else int(mark.line) + 1
