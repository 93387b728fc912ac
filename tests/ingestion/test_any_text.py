"""Whatever a bot publishes is stored as it is."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studio.conversations.incoming_rows import incoming
from studio.conversations.ingest import position_of, write_batch
from studio.conversations.models import Event
from tests.ingestion.events import NOW

_STRANGE = "\\N \\. \\\\ \t\r\n\b\f\v \x7f\u2028 ä 🙂 '\" \\t"
_TEXT = st.text(max_size=40) | st.text(alphabet="\\\t\n\r\vNtn. a", max_size=10)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.django_db
def test_it_comes_back_the_same(assistant: dict[str, Any]) -> None:
    @settings(deadline=None, max_examples=60)
    @given(text=_TEXT, name=_TEXT, value=_VALUE, indent=st.sampled_from([None, 1, "\t"]))
    @example(text=_STRANGE, name=_STRANGE, value={_STRANGE: [_STRANGE]}, indent="\t")
    @example(text="\\", name="\\N", value="\\N", indent=None)
    def comes_back(text: str, name: str, value: Any, indent: Any) -> None:
        sender = uuid.uuid4().hex
        body = {
            "sender_id": sender,
            "event": "slot",
            "timestamp": NOW,
            "metadata": {"assistant_id": assistant["id"], "step_id": name},
            "text": text,
            "name": name,
            "value": value,
            "flow_id": text,
        }
        source = position_of(name=f"{sender}.jsonl", identity=sender, size=0)
        write_batch(
            source_id=source.source_id,
            events=[incoming(0, body, json.dumps(body, ensure_ascii=False, indent=indent))],
            rejected=[],
            first_offset=0,
            next_offset=1,
        )
        stored = Event.objects.get(conversation__sender_id=sender)
        # A flow without a name, and a step, are none.
        assert stored.text == text.replace("\0", "")
        assert stored.name == name.replace("\0", "")
        assert (stored.flow_id or "") == text.replace("\0", "")
        assert (stored.step_id or "") == name.replace("\0", "")
        assert stored.value == value
        assert stored.data == body
        assert (stored.type, stored.source_offset) == ("slot", 0)

    comes_back()
