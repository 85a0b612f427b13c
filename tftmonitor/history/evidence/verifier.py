"""Says whether a file of evidence is whole. Needs nothing but Python's standard library.

It lies in every file of evidence as ``verify.py``, to be run by ``python3 verify.py FILE``, and is
what ``tftmonitor verify`` runs. Nothing of the file is written to the disk, and nothing that it
says is believed: names, sizes and structures may be anything.
"""

import hashlib
import json
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

KIND = "tftmonitor evidence"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
FRAMES = "frames.jsonl"
CHAIN = "chain.json"
BLOCKS = "blocks.bin"
# More than any export has; a file that says so is a trap.
MOST_FILES = 1_000
MOST_BYTES = 20 << 30
MOST_JSON = 64 << 20
MOST_LINE = 64 << 20
MOST_BLOCK = 256 << 20
# No export packs so well: what unpacks to more than both is a trap as well.
MOST_RATIO = 200
FREE_BYTES = 64 << 20
PIECE = 1 << 20
MOST_TEXT = 300
# A sum in hexadecimal.
SUM_LENGTH = 64

# What reading a zip may raise; RuntimeError is of content that asks for a password.
BROKEN = (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError)
# What a structure may raise that is not as it is written by us.
ODD = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)

Findings = tuple[list[str], list[str]]
"""Problems, and what holds, both in words."""


class UnreadableError(Exception):
    """The file is no file of evidence, or cannot be read; the text says why."""


def problems_of(path: str) -> Iterator[str]:
    """Each thing that is not as it was written, in words; none when the file is whole.

    Raises UnreadableError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_traps(archive, Path(path).stat().st_size)
            yield from _problems(archive)
    except BROKEN as error:
        raise UnreadableError(f"{path} cannot be read as a zip: {error}") from error


def facts_of(path: str) -> dict[str, Any]:
    """What the manifest says; to be believed when there are no problems. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(small(archive, MANIFEST))
    except (*BROKEN, *ODD) as error:
        raise UnreadableError(f"{path} has no manifest that can be read: {error}") from error
    if not isinstance(found, dict):
        raise UnreadableError(f"the manifest of {path} is no object")
    return found


def plain(text: object) -> str:
    """A text out of a file for a terminal: bounded, and without signs that do something to it."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in str(text)[:MOST_TEXT])
    return shown.encode("ascii", "backslashreplace").decode()


def _refuse_traps(archive: zipfile.ZipFile, packed: int) -> None:
    sizes = sum(info.file_size for info in archive.infolist())
    if len(archive.infolist()) > MOST_FILES or sizes > MOST_BYTES:
        raise UnreadableError("it says to hold more than any file of evidence does")
    # Held against the bytes that there are: several entries may share them.
    if sizes > FREE_BYTES and sizes > packed * MOST_RATIO:
        raise UnreadableError("it unpacks to far more than any file of evidence of its size does")


def _problems(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    for name, times in sorted(Counter(names).items()):
        if times > 1:
            yield f"{name} stands in it twice."
        if not _is_plain_name(name):
            yield f"{name} is no name of a file of evidence: do not unpack it."
    if SUMS not in names:
        yield f"{SUMS} is missing: it is no file of evidence, or was taken apart."
        return
    told = _told_sums(small(archive, SUMS).decode("utf-8", "replace"))
    for name in sorted(set(told) - set(names)):
        yield f"{name} is missing."
    for name in sorted(set(names) - set(told) - {SUMS}):
        yield f"{name} was added: no sum is told for it."
    for name in sorted(set(told) & set(names)):
        try:
            right = _sum_of(archive, name) == told[name]
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            yield f"{name} cannot be read: {error}."
        else:
            if not right:
                yield f"{name} is not as it was written: its sum is another."
    try:
        yield from _manifest_problems(archive, told)
    except (*ODD, zipfile.BadZipFile, zlib.error, EOFError) as error:
        yield f"The manifest, the frames or the chain cannot be read: {error}."


def _is_plain_name(name: str) -> bool:
    return name.isprintable() and name[:1].isalnum() and not set(name) & set('/\\:*?"<>|')


def _manifest_problems(archive: zipfile.ZipFile, told: dict[str, str]) -> Iterator[str]:
    manifest = json.loads(small(archive, MANIFEST))
    if manifest["kind"] != KIND:
        yield "The manifest is not that of a file of evidence."
    for name, total in manifest["sha256"].items():
        if told.get(name) != total:
            yield f"{name} has another sum in the manifest than in {SUMS}."
    yield from _frame_problems(archive, manifest, FRAMES in told)
    if CHAIN in told:
        chain = json.loads(small(archive, CHAIN))
        yield from chain_problems(chain)
        yield from _block_problems(archive, chain["chunks"])


def _frame_problems(
    archive: zipfile.ZipFile, manifest: dict[str, Any], are_there: bool
) -> Iterator[str]:
    facts = manifest["frames"]
    device, low, high = manifest["device"], manifest["from_ms"], manifest["to_ms"]
    count, last, strange = 0, None, False
    is_ascending = True
    for line in frame_lines(archive) if are_there else ():
        number = int(line["number"])
        is_ascending = is_ascending and (last is None or number > last)
        strange = strange or line["device"] != device or not low <= line["received_ms"] <= high
        if not count and number != facts["first_number"]:
            yield "The first frame is not that of which the manifest tells the number."
        count, last = count + 1, number
        if count > facts["count"]:
            break  # whatever is in it, it does not have to be read to its end
    if not is_ascending:
        yield "The numbers of the frames do not ascend: some were moved or stand in it twice."
    if strange:
        yield "There are frames of another device or of another time than the manifest says."
    if count > facts["count"]:
        yield f"There are more frames than the manifest says, {facts['count']}."
    elif count != facts["count"]:
        yield f"There are {count} frames, and the manifest says {facts['count']}."
    elif last != facts["last_number"]:
        yield "The last frame is not that of which the manifest tells the number."


def frame_lines(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """The lines of the frames, one at a time. Raises what ``BROKEN`` and ``ODD`` name."""
    with archive.open(FRAMES) as lines:
        while line := lines.readline(MOST_LINE):
            yield json.loads(line)


def chain_problems(chain: dict[str, Any]) -> Iterator[str]:
    """What of the sums of the store does not hang together."""
    rounds = {}
    last = None
    for link in chain["rounds"]:
        prior, sums = bytes.fromhex(link["prior"]), bytes.fromhex(link["sums"])
        text = f"{link['number']},{link['at_ms']}\n".encode()
        if hashlib.sha256(prior + text + sums).hexdigest() != link["sum"]:
            yield f"Round {link['number']} of the store has another sum."
        if last is not None and link["prior"] != last:
            yield f"Round {link['number']} of the store does not follow the one before it."
        last = link["sum"]
        rounds[link["number"]] = link["sums"]
    for chunk in chain["chunks"]:
        if chunk["round"] not in rounds and not chain["is_whole"]:
            continue  # there were more sums than a file takes along
        begin = chunk["place"] * SUM_LENGTH
        sums = rounds.get(chunk["round"], "")
        if sums[begin : begin + SUM_LENGTH] != chunk["sha256"]:
            yield f"Chunk {chunk['number']} of the store has another sum than its round says."


def _block_problems(archive: zipfile.ZipFile, chunks: list[dict[str, Any]]) -> Iterator[str]:
    """Whether the blocks are those whose sums the chain has."""
    with archive.open(BLOCKS) as blocks:
        for chunk, body in zip(chunks, bodies(blocks, chunks), strict=True):
            if hashlib.sha256(body).hexdigest() != chunk["sha256"]:
                yield f"Chunk {chunk['number']} of the store is not the block that has its sum."
        if blocks.read(1):
            yield f"{BLOCKS} has more than the chain tells."


def bodies(blocks: IO[bytes], chunks: list[dict[str, Any]]) -> Iterator[bytes]:
    """The blocks one after the other. Raises ValueError where a size cannot be."""
    for chunk in chunks:
        size = chunk["size"]
        if not 0 < size <= MOST_BLOCK:
            raise ValueError(f"a block of {size} bytes")
        yield blocks.read(size)


def _told_sums(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _sum_of(archive: zipfile.ZipFile, name: str) -> str:
    total = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(PIECE):
            total.update(piece)
    return total.hexdigest()


def sum_of_file(path: str) -> str:
    """The SHA-256 of a whole file, in hexadecimal, as sha256sum prints it. Raises OSError."""
    total = hashlib.sha256()
    with Path(path).open("rb") as file:
        while piece := file.read(PIECE):
            total.update(piece)
    return total.hexdigest()


def small(archive: zipfile.ZipFile, name: str) -> bytes:
    """The content of a small file. Raises UnreadableError where it is none, and KeyError."""
    with archive.open(name) as file:
        content = file.read(MOST_JSON + 1)
    if len(content) > MOST_JSON:
        raise UnreadableError(f"{name} is larger than any file of evidence has it")
    return content


def main(arguments: list[str]) -> int:
    """Check one file: 0 whole, 1 not whole, 2 cannot be read."""
    if len(arguments) != 1:
        print("usage: python3 verify.py FILE", file=sys.stderr)
        return 2
    return report(arguments[0])


def report(path: str, look_further: Callable[[str], Findings] | None = None) -> int:
    """Say in words what holds of a file, and what does not; the exit code.

    ``look_further`` is asked about a file whose sums hold.
    """
    try:
        problems, words = list(problems_of(path)), list[str]()
        if not problems:
            words = [*_words(facts_of(path), sum_of_file(path))]
            words += _chain_words(path, look_further is not None)
        if not problems and look_further is not None:
            problems, more = look_further(path)
            words += more
    except UnreadableError as error:
        print(plain(error), file=sys.stderr)
        return 2
    for line in problems or words:
        print(plain(line))
    if problems:
        print(f"NOT WHOLE: {len(problems)} problems. Do not rely on this file.")
        return 1
    return 0


def _words(facts: dict[str, Any], total: str) -> Iterator[str]:
    yield f"Whole: every file in it has the sum that was written by {plain(facts['program'])}."
    yield f"Device {plain(facts['device'])}, {plain(facts['from'])} to {plain(facts['to'])}."
    yield f"The sum of the whole file is {total}."
    yield "Only if that is the sum that was noted when it was made is it the same file: who makes"
    yield "all sums anew can make a whole file of other content. What the device measured is not"
    yield "proven by any sum."


def _chain_words(path: str, looks_further: bool) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        chain = json.loads(small(archive, CHAIN)) if CHAIN in archive.namelist() else {}
    if not chain.get("chunks") or not chain["rounds"]:
        return
    newest = chain["rounds"][-1]
    yield f"The recorder's blocks in it hang on round {newest['number']} of its store, whose sum is"
    yield f"{newest['sum']}: hold it against a copy of that round's sum."
    if not looks_further:
        yield "Whether the frames are those of the blocks only tftmonitor verify can tell."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
