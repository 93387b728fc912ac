"""`deploy/docs/settings.md` names each variable that the code reads, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "deploy/docs/settings.md"
# What children read besides is in the manual of their own; Django's are for us alone.
PROGRAMS = ("studio", "ingestion", "modelservice", "deploy/scripts")
OURS = {"DJANGO_SETTINGS_MODULE", "AUTHLIB_INSECURE_TRANSPORT", "OMP_WAIT_POLICY"}
_READS = re.compile(r"\bos\.environ\b|\benv\.")
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")


def names_read(tree: ast.AST) -> Iterator[str]:
    """By `os.environ`, by `env.text` and its like, and by what a module makes of `os.environ`."""
    own = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _READS.search(ast.unparse(node))
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value), args=[ast.Constant(str(name)), *_]):
                if ast.unparse(value) in {"env", "os.environ"}:
                    yield name
            case ast.Call(func=ast.Name(called), args=[ast.Constant(str(name)), *_]):
                if called in own:
                    yield name
            case ast.Subscript(value=value, slice=ast.Constant(str(name))):
                if ast.unparse(value) == "os.environ":
                    yield name
            case ast.Assign(targets=[ast.Name("_LICENCES")], value=ast.Tuple(elts=names)):
                yield from (ast.literal_eval(name) for name in names)


def read_by_code() -> set[str]:
    found: set[str] = set()
    for folder in PROGRAMS:
        for path in (ROOT / folder).rglob("*.py"):
            found.update(names_read(ast.parse(path.read_text(encoding="utf-8"))))
    return {name for name in found if NAME.fullmatch(name)} - OURS


def in_the_table() -> set[str]:
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def test_each_variable_is_in_the_table() -> None:
    assert sorted(read_by_code() - in_the_table()) == []


def test_the_table_has_no_variable_that_nobody_reads() -> None:
    # By the libraries that reach clouds.
    of_libraries = {name for name in in_the_table() if name.startswith(("AWS_", "GOOGLE_"))}
    of_assistants = {"OPENAI_API_KEY"}
    known = read_by_code() | of_libraries | of_assistants
    assert sorted(in_the_table() - known) == []
