"""Frames of the chat bridge: what goes through as it came, and what does not."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.bridge import frames

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("piece", [{"audio": "UklGRg=="}, {"marker": "m-1"}])
def test_voice_goes_to_the_bot_as_it_came(piece: dict[str, str]) -> None:
    frame = frames.parse(json.dumps({"type": "user_message", **piece}))
    assert frame["type"] == "user_message"
    assert frames.to_bot(frame, "session-1", "tea") == ("user_message", piece)


@given(st.text())
def test_voice_of_the_bot_is_not_touched(text: str) -> None:
    told = json.loads(frames.written(frames.of_bot("bot_message", text)))
    assert told == {"type": "bot_message", "voice": text}


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_what_a_bot_says_arrives_whole(payload: dict[str, Any]) -> None:
    told = json.loads(frames.written(frames.of_bot("bot_message", payload)))
    if "type" in payload:
        assert told == {"type": "bot_message", "custom": payload}
    else:
        assert told == {"type": "bot_message", **payload}


def test_tracker_of_older_versions_is_the_text_of_one() -> None:
    assert frames.of_bot("tracker", '{"slots": {}}') == {"type": "tracker", "slots": {}}
    assert frames.of_bot("tracker", "no json") == {"type": "tracker", "custom": "no json"}
    # Rasa writes with Python's `json.dumps`.
    odd = frames.of_bot("tracker", r'{"slots": {"a": NaN, "b": "\ud83d"}}')
    assert odd == {"type": "tracker", "slots": {"a": None, "b": "\ufffd"}}


@given(st.text() | JSON.map(json.dumps))
def test_whatever_is_sent_is_a_frame_or_is_refused(text: str) -> None:
    with contextlib.suppress(frames.BadFrame):
        assert frames.parse(text)["type"] in {"authenticate", "user_message", "ping"}
