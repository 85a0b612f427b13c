"""Says whether a file of evidence is whole. Needs nothing but Python's standard library.

It lies in every file of evidence as ``verify.py``, to be run by ``python3 verify.py FILE``, and is
what ``tftmonitor verify`` runs. Nothing of the file is written to the disk.
"""

import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
FRAMES = "frames.jsonl"
CHAIN = "chain.json"
# More than any export has; a file that says so is a trap.
MOST_FILES = 1_000
MOST_BYTES = 20 << 30
MOST_JSON = 64 << 20
MOST_LINE = 64 << 20
PIECE = 1 << 20
# A sum in hexadecimal.
SUM_LENGTH = 64


class UnreadableError(Exception):
    """The file is no file of evidence, or cannot be read; the text says why."""


def problems_of(path: str) -> Iterator[str]:
    """Each thing that is not as it was written, in words; none when the file is whole.

    Raises UnreadableError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _problems(archive)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise UnreadableError(f"{path} cannot be read as a zip: {error}") from error


def facts_of(path: str) -> dict[str, Any]:
    """What the manifest says; to be believed when there are no problems. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(_small(archive, MANIFEST))
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError) as error:
        raise UnreadableError(f"{path} has no manifest that can be read: {error}") from error
    if not isinstance(found, dict):
        raise UnreadableError(f"the manifest of {path} is no object")
    return found


def _problems(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    sizes = sum(info.file_size for info in archive.infolist())
    if len(names) > MOST_FILES or sizes > MOST_BYTES:
        raise UnreadableError("it says to hold more than any file of evidence does")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} stands in it twice."
    if SUMS not in names:
        yield f"{SUMS} is missing: it is no file of evidence, or was taken apart."
        return
    told = _told_sums(_small(archive, SUMS).decode("utf-8", "replace"))
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
    yield from _manifest_problems(archive, told)


def _manifest_problems(archive: zipfile.ZipFile, told: dict[str, str]) -> Iterator[str]:
    try:
        manifest = json.loads(_small(archive, MANIFEST))
        sums = manifest["sha256"]
        numbers = list(_numbers(archive)) if FRAMES in told else []
        chain = json.loads(_small(archive, CHAIN)) if CHAIN in told else {}
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        yield f"The manifest, the frames or the chain cannot be read: {error}."
        return
    for name, total in sums.items():
        if told.get(name) != total:
            yield f"{name} has another sum in the manifest than in {SUMS}."
    if numbers != sorted(set(numbers)):
        yield "The numbers of the frames do not ascend: some were moved or stand in it twice."
    if len(numbers) != manifest["frames"]["count"]:
        told_count = manifest["frames"]["count"]
        yield f"There are {len(numbers)} frames, and the manifest says {told_count}."
    yield from _chain_problems(chain)


def _chain_problems(chain: dict[str, Any]) -> Iterator[str]:
    """What of the sums of the store does not hang together."""
    rounds = {}
    last = None
    for link in chain.get("rounds", ()):
        prior, sums = bytes.fromhex(link["prior"]), bytes.fromhex(link["sums"])
        text = f"{link['number']},{link['at_ms']}\n".encode()
        if hashlib.sha256(prior + text + sums).hexdigest() != link["sum"]:
            yield f"Round {link['number']} of the store has another sum."
        if last is not None and link["prior"] != last:
            yield f"Round {link['number']} of the store does not follow the one before it."
        last = link["sum"]
        rounds[link["number"]] = link["sums"]
    for chunk in chain.get("chunks", ()):
        begin = chunk["place"] * SUM_LENGTH
        sums = rounds.get(chunk["round"], "")
        if sums[begin : begin + SUM_LENGTH] != chunk["sha256"]:
            yield f"Chunk {chunk['number']} of the store has another sum than its round says."


def _numbers(archive: zipfile.ZipFile) -> Iterator[int]:
    with archive.open(FRAMES) as lines:
        while line := lines.readline(MOST_LINE):
            yield int(json.loads(line)["number"])


def _told_sums(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _sum_of(archive: zipfile.ZipFile, name: str) -> str:
    total = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(PIECE):
            total.update(piece)
    return total.hexdigest()


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
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


def report(path: str) -> int:
    """Say in words what holds of a file, and what does not; the exit code."""
    try:
        problems = list(problems_of(path))
        facts = {} if problems else facts_of(path)
    except UnreadableError as error:
        print(f"{error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    if problems:
        print(f"NOT WHOLE: {len(problems)} problems. Do not rely on this file.")
        return 1
    print(f"Whole: every file is as it was written by {facts.get('program')}.")
    print(f"Device {facts.get('device')}, {facts.get('from')} to {facts.get('to')}.")
    print("It proves that nothing was changed since recording, not what the device measured.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
