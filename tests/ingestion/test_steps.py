"""The chain's pure parts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingestion.messages import InvalidMessage, RawMessage
from ingestion.steps import Checked, contiguous_runs


@st.composite
def _messages(draw: st.DrawFn) -> list[Checked]:
    """As partitions that now and then jump forward or back."""
    place = dict.fromkeys(range(3), 0)
    made: list[Checked] = []
    for source in draw(st.lists(st.integers(0, 2), max_size=40)):
        start = max(0, place[source] + draw(st.sampled_from([0, 0, 0, 0, 7, -3])))
        offset = start + draw(st.integers(0, 2))  # a blank line, or a record that was cleared away
        made.append(InvalidMessage(RawMessage(source, start, offset, offset + 1, b""), ""))
        place[source] = offset + 1
    return made


@given(_messages())
def test_runs_have_every_message_in_order_and_nothing_left_out_within(
    messages: list[Checked],
) -> None:
    found = contiguous_runs(messages)
    for source in range(3):
        of_source = [each for each in messages if each.raw.source_id == source]
        mine = [run for run in found if run[0].raw.source_id == source]
        assert [each for run in mine for each in run] == of_source
        jumps = sum(before.raw.end != after.raw.start for before, after in pairwise(of_source))
        assert len(mine) == (jumps + 1 if of_source else 0)
