"""requirements.txt: what is taken of it, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.project.errors import ProjectError
from modelservice.project.requirements import read_requirements

NAMES = st.sampled_from(["requests", "Pandas", "python-slugify", "x[extra,more]"])
VERSIONS = st.sampled_from(["", "==1.0", ">=2,<3", "~=4.2", " ; python_version < '3.12'"])
HASHES = st.sampled_from(["", " --hash=sha256:" + "a" * 64, " \\\n    --hash=sha256:" + "b" * 64])
NOISE = st.sampled_from(["", "# a comment\n", "\n", "rasa-pro==3.10\n", "Rasa_SDK\n", "   \n"])
BAD = st.sampled_from(
    ["-e .", "--pre", "./x", "/x", "x @ file:///x", "git+https://x", "a b", "..\\x", "x --pre"]
)


@given(st.lists(st.tuples(NOISE, NAMES, VERSIONS, HASHES), max_size=6))
def test_every_package_is_read_and_nothing_else(parts: list[tuple[str, str, str, str]]) -> None:
    text = "".join(f"{noise}{name}{version}{hashes}\n" for noise, name, version, hashes in parts)
    found = read_requirements(text, "requirements.txt")
    assert len(found) == len(parts)
    for line, (_, name, version, hashes) in zip(found, parts, strict=True):
        assert line.startswith(f"{name}{version}".strip())
        assert ("--hash" in line) == bool(hashes)
        assert "\n" not in line


@given(st.lists(st.tuples(NOISE, NAMES), max_size=4), BAD)
def test_what_names_no_package_is_refused_with_its_line(
    good: list[tuple[str, str]], bad: str
) -> None:
    before = "".join(f"{noise}{name}\n" for noise, name in good)
    with pytest.raises(ProjectError) as refused:
        read_requirements(f"{before}{bad}\n", "requirements.txt")
    [finding] = refused.value.findings
    assert finding.line == before.count("\n") + 1
    assert finding.message.endswith(".")
