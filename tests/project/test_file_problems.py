"""What is said to be wrong in the texts of files."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelservice.project.file_problems import file_problems

_TOKENS = st.sampled_from(
    ["def f():", "\n", "    ", "return", "(", ")", "'", "\\", "x = 1", "\0", "é", "match", ":", "["]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_TOKENS, max_size=30).map("".join), st.sampled_from(["a.py", "a.yml", "a.json"]))
def test_any_text_has_a_finding_or_none(text: str, path: str) -> None:
    for finding in file_problems(path, text):
        assert finding.message
        assert 1 <= (finding.line or 0) <= text.count("\n") + 1


def test_deep_nesting_ends() -> None:
    for path, text in (("a.py", "(" * 100_000), ("a.json", "[" * 100_000), ("a.py", "-" * 90_000)):
        assert file_problems(path, text), path
