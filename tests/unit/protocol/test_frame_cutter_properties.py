"""What the cutter must keep to for whatever a server sends, however the network cuts it."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from tftmonitor.protocol.frame_cutter import FrameCutter, LibraryRun

# Small, so that frames beyond it come up often.
LARGEST = 300
LONGEST_HEADER = 10

PAYLOADS = st.binary(max_size=8) | st.integers(100, LARGEST + 20).map(lambda size: b"x" * size)
CONTROLS = st.builds(Frame, st.sampled_from([Opcode.PING, Opcode.PONG]), st.binary(max_size=125))
TEXTS = st.builds(Frame, st.just(Opcode.TEXT), st.binary(max_size=LARGEST))
BINARIES = st.builds(Frame, st.just(Opcode.BINARY), st.binary(max_size=LARGEST))


@st.composite
def messages_in_parts(draw: st.DrawFn) -> list[Frame]:
    """The parts of one message, small enough together, with control frames between them."""
    parts = draw(st.lists(st.binary(max_size=LARGEST // 5), min_size=2, max_size=5))
    frames = []
    for number, part in enumerate(parts):
        opcode = Opcode.CONT if number else draw(st.sampled_from([Opcode.TEXT, Opcode.BINARY]))
        frames.append(Frame(opcode, part, fin=number == len(parts) - 1))
        if number < len(parts) - 1:
            frames += draw(st.lists(CONTROLS, max_size=2))
    return frames


GOOD_FRAMES = st.lists(
    TEXTS.map(lambda frame: [frame])
    | st.one_of(CONTROLS, BINARIES).map(lambda frame: [frame])
    | messages_in_parts(),
    max_size=8,
).map(lambda groups: list(itertools.chain.from_iterable(groups)))


@st.composite
def odd_frames(draw: st.DrawFn) -> bytes:
    """A frame of any first byte, in any spelling of its size, that may be masked."""
    first = draw(st.sampled_from([0x81, 0x01, 0x80, 0x00, 0x82, 0x88, 0x89]) | st.integers(0, 255))
    payload = draw(PAYLOADS)
    mask_bit = draw(st.sampled_from([0, 0, 0, 0, 0x80]))
    widths = [width for width, limit in ((0, 126), (2, 65_536), (8, 2**63)) if len(payload) < limit]
    width = draw(st.sampled_from(widths))
    if width == 0:
        header = bytes([first, mask_bit | len(payload)])
    else:
        header = bytes([first, mask_bit | (126 if width == 2 else 127)])
        header += len(payload).to_bytes(width, "big")
    return header + (b"mask" if mask_bit else b"") + payload


STREAMS = st.lists(
    odd_frames() | TEXTS.map(lambda frame: frame.serialize(mask=False)) | st.binary(max_size=20),
    max_size=12,
).map(b"".join)
CUTS = st.lists(st.integers(1, 40) | st.integers(1, 1_000), min_size=1, max_size=6)


def reads_of(stream: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The stream in reads of these sizes, over and over."""
    place = 0
    for size in itertools.cycle(sizes):
        if place >= len(stream):
            return
        yield stream[place : place + size]
        place += size


def joined(items: Iterable[bytes | LibraryRun]) -> list[bytes | LibraryRun]:
    """The same with neighbouring runs as one: passing through, each read is a run."""
    result: list[bytes | LibraryRun] = []
    for item in items:
        last = result[-1] if result else None
        if isinstance(item, LibraryRun) and isinstance(last, LibraryRun):
            result[-1] = LibraryRun(last.data + item.data)
        else:
            result.append(item)
    return result


def cut_in(reads: Iterable[bytes], largest: int = LARGEST) -> Iterator[bytes | LibraryRun]:
    cutter = FrameCutter(largest)
    for read in reads:
        cutter.feed(read)
        yield from cutter.cut()


@dataclass
class Library:
    """The library's parser, and what the application would get: frames in their order."""

    protocol: ClientProtocol = field(
        default_factory=lambda: ClientProtocol(
            parse_uri("ws://host"), state=State.OPEN, max_size=LARGEST
        )
    )
    frames: list[tuple[Opcode, bytes, bool]] = field(default_factory=list)

    def receive(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            assert isinstance(event, Frame)
            self.frames.append((event.opcode, bytes(event.data), event.fin))

    @property
    def outcome(self) -> tuple[object, ...]:
        """All that can be seen of it from outside. What it sends is masked at random."""
        error = self.protocol.parser_exc
        sent = sum(map(len, self.protocol.data_to_send()))
        closing = (self.protocol.close_rcvd, self.protocol.close_sent)
        return self.protocol.state, type(error), str(error), closing, sent, self.frames


@settings(deadline=None)
@given(STREAMS, CUTS)
@example(b"\x01\x01a\x89\x00\x81\x01b", [1])
@example(b"\x81\x7f" + b"\xff" * 8, [9])
@example(b"\x89\x02hi\x81\x00\x88\x00\x81\x01x", [3])
def test_cutter_and_library_make_of_a_stream_what_the_library_makes_of_it(
    stream: bytes, sizes: list[int]
) -> None:
    alone, rest = Library(), Library()
    alone.receive(stream)
    cutter = FrameCutter(LARGEST)
    for read in reads_of(stream, sizes):
        cutter.feed(read)
        for item in cutter.cut():
            if isinstance(item, LibraryRun):
                rest.receive(item.data)
                if rest.protocol.state is not State.OPEN:
                    cutter.pass_through()
            else:
                rest.frames.append((Opcode.TEXT, item, True))
    # What neither can know yet: the library sees half a frame, which the cutter still holds.
    rest.receive(cutter.release())
    assert rest.outcome == alone.outcome


@settings(deadline=None)
@given(STREAMS, CUTS)
def test_cut_of_a_stream_gives_the_same_items_in_the_same_order(
    stream: bytes, sizes: list[int]
) -> None:
    assert joined(cut_in(reads_of(stream, sizes))) == joined(cut_in([stream]))


@settings(deadline=None)
@given(GOOD_FRAMES, CUTS)
def test_texts_come_out_and_all_else_keeps_its_place_between_them(
    frames: list[Frame], sizes: list[int]
) -> None:
    stream = b"".join(frame.serialize(mask=False) for frame in frames)
    expected = [
        bytes(frame.data)
        if frame.opcode is Opcode.TEXT and frame.fin
        else LibraryRun(frame.serialize(mask=False))
        for frame in frames
    ]
    assert list(cut_in(reads_of(stream, sizes))) == expected


@settings(deadline=None)
@given(STREAMS | st.binary(max_size=2_000), CUTS)
def test_any_bytes_are_worked_off_and_held_within_bounds(stream: bytes, sizes: list[int]) -> None:
    cutter = FrameCutter(LARGEST)
    for read in reads_of(stream, sizes):
        before = cutter.held
        cutter.feed(read)
        # An item takes at least a byte of the stream, so that more of them would have no end.
        items = list(itertools.islice(cutter.cut(), before + len(read) + 1))
        assert len(items) <= before + len(read)
        assert not cutter.has_uncut
        assert cutter.held < LARGEST + LONGEST_HEADER


@settings(deadline=None)
@given(STREAMS, CUTS, st.lists(st.integers(0, 3), min_size=1, max_size=5))
def test_iteration_that_is_left_at_any_item_loses_and_repeats_nothing(
    stream: bytes, sizes: list[int], patience: list[int]
) -> None:
    cutter = FrameCutter(LARGEST)
    items: list[bytes | LibraryRun] = []
    for read, limit in zip(reads_of(stream, sizes), itertools.cycle(patience), strict=False):
        cutter.feed(read)
        items += itertools.islice(cutter.cut(), limit)
    items += cutter.cut()
    assert joined(items) == joined(cut_in([stream]))
