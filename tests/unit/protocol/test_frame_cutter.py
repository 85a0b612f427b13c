import tracemalloc

import pytest
from websockets.frames import Frame, Opcode

from tftmonitor.protocol.frame_cutter import LARGEST_FRAME, FrameCutter, LibraryRun

Item = bytes | LibraryRun


def text(payload: bytes) -> bytes:
    return Frame(Opcode.TEXT, payload).serialize(mask=False)


PING = Frame(Opcode.PING, b"?").serialize(mask=False)
CLOSE = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=False)
BINARY = Frame(Opcode.BINARY, b"\x00\x01").serialize(mask=False)
FIRST_PART = Frame(Opcode.TEXT, b"ab", fin=False).serialize(mask=False)
NEXT_PART = Frame(Opcode.CONT, b"cd", fin=False).serialize(mask=False)
LAST_PART = Frame(Opcode.CONT, b"ef").serialize(mask=False)
# What no cutter can find its way behind, with as much of it as shows that.
MASKED = b"\x81\x85"
MASKED_WIDE = b"\x81\xfe"
RESERVED_BIT = b"\xc1\x05"
UNKNOWN_OPCODE = b"\x83\x05"
TOO_LARGE = b"\x81\x7f" + (LARGEST_FRAME + 1).to_bytes(8, "big")


def cut(*reads: bytes, cutter: FrameCutter | None = None) -> list[Item]:
    cutter = cutter or FrameCutter()
    items: list[Item] = []
    for read in reads:
        cutter.feed(read)
        items += cutter.cut()
    return items


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_text_of_any_size_comes_out_as_it_was_sent(size: int) -> None:
    payload = bytes(number % 251 for number in range(size))
    assert cut(text(payload) + text(b"next")) == [payload, b"next"]


@pytest.mark.parametrize(
    "stream",
    [
        text(b"one") + PING + text(b"x" * 130) + text(b""),
        text(b"one") + FIRST_PART + PING + NEXT_PART + LAST_PART + text(b"two"),
        BINARY + text(b"x" * 65_536)[:14] + b"y" * 65_532 + text(b"two"),
    ],
    ids=["wide", "parts", "very wide"],
)
def test_two_reads_give_what_one_gives_wherever_the_cut_is(stream: bytes) -> None:
    whole = cut(stream)
    assert len(whole) >= 3
    places = [*range(min(60, len(stream))), *range(len(stream) - 10, len(stream) + 1)]
    assert [place for place in places if cut(stream[:place], stream[place:]) != whole] == []


def test_byte_by_byte_gives_the_same() -> None:
    stream = text(b"x" * 126) + PING + text(b"y") + CLOSE
    assert cut(*(stream[place : place + 1] for place in range(len(stream)))) == cut(stream)


@pytest.mark.parametrize("frame", [PING, CLOSE, BINARY, FIRST_PART])
def test_all_but_whole_texts_is_handed_back_untouched_in_its_place(frame: bytes) -> None:
    assert cut(text(b"one") + frame) == [b"one", LibraryRun(frame)]
    assert cut(frame + frame) == [LibraryRun(frame), LibraryRun(frame)]


def test_message_in_parts_is_the_librarys_and_the_text_behind_it_is_not() -> None:
    assert cut(FIRST_PART + NEXT_PART + PING + LAST_PART + text(b"whole")) == [
        LibraryRun(FIRST_PART),
        LibraryRun(NEXT_PART),
        LibraryRun(PING),
        LibraryRun(LAST_PART),
        b"whole",
    ]


@pytest.mark.parametrize("place", [None, 1, 3])
def test_text_amid_the_parts_of_another_is_the_librarys_which_knows_the_fault(
    place: int | None,
) -> None:
    frame = text(b"amid")
    reads = [frame] if place is None else [frame[:place], frame[place:]]
    items = cut(FIRST_PART + PING, *reads)
    assert items == [LibraryRun(data) for data in (FIRST_PART, PING, frame)]


@pytest.mark.parametrize("header", [MASKED, MASKED_WIDE, RESERVED_BIT, UNKNOWN_OPCODE, TOO_LARGE])
@pytest.mark.parametrize("first", [0, 1, -1], ids=["whole", "cut early", "cut late"])
def test_header_that_leads_nowhere_goes_to_the_library_at_once_with_all_behind_it(
    header: bytes, first: int
) -> None:
    cutter = FrameCutter()
    assert cut(text(b"good") + header[:first], header[first:], cutter=cutter) == [
        b"good",
        LibraryRun(header),
    ]
    assert cutter.is_passing
    assert cut(text(b"x"), cutter=cutter) == [LibraryRun(text(b"x"))]
    assert cutter.held == 0


def test_size_is_limited_whether_or_not_the_frame_is_there() -> None:
    assert cut(text(b"x" * 100), cutter=FrameCutter(100)) == [b"x" * 100]
    frame = text(b"x" * 101)
    assert cut(frame, cutter=FrameCutter(100)) == [LibraryRun(frame)]
    assert cut(frame[:2], cutter=FrameCutter(100)) == [LibraryRun(frame[:2])]


def test_feeding_says_whether_there_is_something_to_cut() -> None:
    cutter = FrameCutter()
    frame = text(b"x" * 200)
    assert cutter.feed(frame[:50])
    assert list(cutter.cut()) == []
    assert not cutter.feed(frame[50:100])
    assert not cutter.feed(frame[100:-1])
    assert cutter.feed(frame[-1:])
    assert list(cutter.cut()) == [b"x" * 200]


def test_iteration_may_be_left_and_goes_on_behind_the_item_that_came() -> None:
    cutter = FrameCutter()
    cutter.feed(text(b"one")[:3])
    assert list(cutter.cut()) == []
    cutter.feed(text(b"one")[3:] + PING + text(b"two") + text(b"three")[:4])
    got = []
    while cutter.has_uncut:
        got.append(next(cutter.cut(), None))
    assert got == [b"one", LibraryRun(PING), b"two", None]
    assert cut(text(b"three")[4:], cutter=cutter) == [b"three"]


def test_read_that_comes_before_the_last_is_cut_is_put_behind_it() -> None:
    cutter = FrameCutter()
    cutter.feed(text(b"one") + text(b"two") + text(b"three")[:3])
    assert next(cutter.cut()) == b"one"
    assert cutter.feed(text(b"three")[3:])
    assert list(cutter.cut()) == [b"two", b"three"]


@pytest.mark.parametrize("rest", [b"", text(b"late") + PING + b"\x81"])
def test_library_that_gave_up_gets_the_rest_in_one_piece(rest: bytes) -> None:
    cutter = FrameCutter()
    cutter.feed(CLOSE + rest)
    items = []
    for item in cutter.cut():
        items.append(item)
        cutter.pass_through()
    assert items == [LibraryRun(data) for data in (CLOSE, rest) if data]


def test_what_is_held_can_be_released_at_any_time() -> None:
    cutter = FrameCutter()
    cutter.feed(text(b"one") + text(b"two") + text(b"x" * 300)[:9])
    assert next(cutter.cut()) == b"one"
    assert cutter.release() == text(b"two") + text(b"x" * 300)[:9]
    assert (cutter.held, cutter.release(), cutter.is_passing) == (0, b"", True)


def test_partial_frame_is_released_and_what_comes_next_is_passed() -> None:
    cutter = FrameCutter()
    assert cut(text(b"x" * 300)[:9], cutter=cutter) == []
    assert cutter.held == 9
    cutter.pass_through()
    assert cutter.feed(b"more")
    assert list(cutter.cut()) == [LibraryRun(text(b"x" * 300)[:9] + b"more")]
    assert cutter.held == 0


def test_large_frame_in_small_reads_costs_little_more_than_its_bytes() -> None:
    cutter = FrameCutter()
    frame = text(b"x" * 20_000)
    reads = [frame[place : place + 2] for place in range(0, len(frame) - 2, 2)]
    tracemalloc.start()
    try:
        items = cut(*reads, cutter=cutter)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert items == []
    assert cutter.held == 2 * len(reads)
    assert used < 1.3 * len(frame)
