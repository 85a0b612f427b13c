"""Holds the frames of a file of evidence against the recorder's blocks that lie in it."""

import json
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tftmonitor.history.evidence import verifier
from tftmonitor.history.evidence.frames import frame_of
from tftmonitor.history.samples.chunk import Chunk
from tftmonitor.history.samples.flatten import Shape, from_json
from tftmonitor.history.samples.stored import DamagedBlockError, StoredFrame

_MOST_TOLD: Final = 20
_NO_SHAPE: Final = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)


def frames_against_blocks(path: str) -> verifier.Findings:
    """Problems, and what holds, both in words. For a file whose sums hold. Raises UnreadableError.

    A frame holds that its block has, with the same number, times, channel and content.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if verifier.CHAIN not in archive.namelist():
                return [], []
            check = _Check(archive)
            problems = list(check.problems())
    except (*verifier.BROKEN, *verifier.ODD, DamagedBlockError) as error:
        return [f"The frames cannot be held against their blocks: {error}."], []
    words = [f"{check.held} frames are as the recorder's blocks have them."]
    if check.alone:
        words.append(
            f"{check.alone} frames were not sealed when the file was made: no block has them."
        )
    return problems, words


class _Check:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.held = self.alone = 0
        self._archive = archive
        self._facts = json.loads(verifier.small(archive, verifier.MANIFEST))
        chain = json.loads(verifier.small(archive, verifier.CHAIN))
        self._chunks = chain["chunks"]
        self._shapes = _GivenShapes(chain["shapes"])

    def problems(self) -> Iterator[str]:
        """The first ones in words, and how many more there are."""
        more = 0
        for told, problem in enumerate(self._each()):
            if told < _MOST_TOLD:
                yield problem
            more = told + 1 - _MOST_TOLD
        if more > 0:
            yield f"So are {more} frames more."

    def _each(self) -> Iterator[str]:
        firsts = [chunk["first"] for chunk in self._chunks]
        blocks = self._block_frames()
        found = next(blocks, None)
        for line in verifier.frame_lines(self._archive):
            number = line["number"]
            while found is not None and found[0] < number:
                yield _missing(found[0])
                found = next(blocks, None)
            if found is not None and found[0] == number:
                if _is_same(line, found[1]):
                    self.held += 1
                else:
                    yield f"Frame {number} is not as the recorder's block has it."
                found = next(blocks, None)
                continue
            place = bisect_right(firsts, number) - 1
            if place >= 0 and number <= self._chunks[place]["last"]:
                yield f"Frame {number} is not in the recorder's block, where it would be."
            else:
                self.alone += 1
        if found is not None:
            yield _missing(found[0])
        yield from (_missing(number) for number, _ in blocks)

    def _block_frames(self) -> Iterator[tuple[int, StoredFrame]]:
        low, high = self._facts["from_ms"], self._facts["to_ms"]
        with self._archive.open(verifier.BLOCKS) as blocks:
            for body in verifier.bodies(blocks, self._chunks):
                for number, frame in Chunk(body, self._facts["device"], self._shapes).frames():
                    if low <= frame.received_ms <= high:
                        yield number, frame


class _GivenShapes:
    """The shapes that a file of evidence brings along."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def shape_of(self, number: int) -> Shape:
        """The shape of a number; raises DamagedBlockError where there is none."""
        try:
            return from_json(self._texts[f"{number}"])
        except (KeyError, *_NO_SHAPE) as error:
            raise DamagedBlockError(f"the keys of number {number} are missing or broken") from error


def _missing(number: int) -> str:
    return f"Frame {number} is in the recorder's block, and missing in {verifier.FRAMES}."


def _is_same(line: dict[str, Any], stored: StoredFrame) -> bool:
    own = stored.device, stored.channel, stored.received_ms, stored.device_ms, stored.is_late
    told = tuple(line[name] for name in ("device", "channel", "received_ms", "device_ms", "late"))
    return told == own and _is_same_frame(frame_of(line), stored.frame)


def _is_same_frame(told: bytes, kept: bytes) -> bool:
    if told == kept:
        return True
    try:
        # Before it was sealed it may have been written with other blanks. As text 1 is not 1.0.
        return _written(told) == _written(kept)
    except ValueError:
        return False


def _written(frame: bytes) -> str:
    return json.dumps(json.loads(frame))
