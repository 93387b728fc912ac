"""Answers that are sent while they are being made."""

from collections.abc import Iterator

from studio.common.streaming import StreamedResponse

_PART = b"x" * 10_000


async def test_the_first_part_is_sent_before_the_last_is_made() -> None:
    made = []

    def parts() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            yield _PART

    sent = aiter(StreamedResponse(parts()))
    assert len(await anext(sent)) == 70_000
    assert len(made) == 7
    assert sum([len(part) async for part in sent]) == 930_000


async def test_an_empty_part_is_not_the_end() -> None:
    response = StreamedResponse(iter([b"a", b"", b"b"]))
    assert b"".join([part async for part in response]) == b"ab"
