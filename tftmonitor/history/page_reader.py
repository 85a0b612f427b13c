"""Rows out of the pages of a wounded database file, when SQLite itself refuses them.

Only leaves of tables are read, each by itself: a broken page above or beside costs nothing, and a
broken cell only itself. What comes out is checked by whoever knows the table.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_LEAF: Final = 0x0D
_INNER_OR_INDEX: Final = frozenset((0x02, 0x05, 0x0A))
_MAGIC_SIZE: Final = 100
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_USUAL_PAGE: Final = 4_096
_MOST_IN_ROW: Final = 64 << 20

Row = tuple[object, ...]


def rows_of_file(path: Path) -> Iterator[tuple[int, Row]]:
    """(rowid, columns) of every row that is whole; texts are read as far as they can be.

    A column that is the rowid itself is None. Raises OSError.
    """
    pages = _pages_of(path)
    unused = _free_pages(pages)
    for number, page in pages.items():
        start = _MAGIC_SIZE if number == 1 else 0
        kind = page[start]
        if number in unused or kind in _INNER_OR_INDEX or (kind == 0 and start == 0):
            continue
        for place in _cells_of(page, start):
            row = _whole(lambda place=place, page=page: _row_at(page, place, pages))  # type: ignore[misc]
            if row is not None:
                yield row


def _pages_of(path: Path) -> dict[int, bytes]:
    """Every page by its number, as the last commit of the file and its log left it."""
    content = path.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    if size not in {512 << shift for shift in range(7)}:
        size = _USUAL_PAGE
    pages = {
        place // size + 1: content[place : place + size]
        for place in range(0, len(content) - size + 1, size)
    }
    log = Path(f"{path}-wal")
    if log.exists():
        pages |= _committed(log.read_bytes(), size)
    return pages


def _committed(log: bytes, size: int) -> dict[int, bytes]:
    """The pages of the write-ahead log up to its last commit."""
    done: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    salt = log[16:24]
    for place in range(_WAL_HEADER, len(log) - size - _FRAME_HEADER + 1, size + _FRAME_HEADER):
        header = log[place : place + _FRAME_HEADER]
        if header[8:16] != salt:  # left over from before the log was begun anew
            break
        number = int.from_bytes(header[:4], "big")
        waiting[number] = log[place + _FRAME_HEADER : place + _FRAME_HEADER + size]
        if header[4:8] != b"\0\0\0\0":
            done |= waiting
            waiting = {}
    return done


def _free_pages(pages: dict[int, bytes]) -> set[int]:
    """Pages that hold nothing but what was deleted, as far as their chain can be followed."""
    found: set[int] = set()
    trunk = int.from_bytes(pages.get(1, b"")[32:36], "big")
    while trunk in pages and trunk not in found:
        page = pages[trunk]
        found.add(trunk)
        count = min(int.from_bytes(page[4:8], "big"), len(page) // 4 - 2)
        found.update(int.from_bytes(page[8 + 4 * i : 12 + 4 * i], "big") for i in range(count))
        trunk = int.from_bytes(page[:4], "big")
    return found


def _cells_of(page: bytes, start: int) -> Iterator[int]:
    """Where the cells of a leaf are; one whose count is broken may name some that are none."""
    count = min(int.from_bytes(page[start + 3 : start + 5], "big"), len(page) // 4)
    for place in range(start + 8, start + 8 + 2 * count, 2):
        yield int.from_bytes(page[place : place + 2], "big")


def _whole(read: Callable[[], tuple[int, Row]]) -> tuple[int, Row] | None:
    try:
        return read()
    except (IndexError, KeyError, ValueError):
        return None


def _row_at(page: bytes, place: int, pages: dict[int, bytes]) -> tuple[int, Row]:
    size, place = _varint(page, place)
    rowid, place = _varint(page, place)
    return _signed(rowid), _columns(_payload(page, place, size, pages))


def _payload(page: bytes, place: int, size: int, pages: dict[int, bytes]) -> bytes:
    """What a cell holds, with the pages that it flows over to."""
    usable = len(page)
    if size > _MOST_IN_ROW:
        raise ValueError("longer than any row")
    here = size
    if size > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (size - least) % (usable - 4)
        if here > usable - 35:
            here = least
    content = page[place : place + here]
    after = int.from_bytes(page[place + here : place + here + 4], "big")
    while len(content) < size:
        more = pages[after]
        content += more[4 : 4 + size - len(content)]
        after = int.from_bytes(more[:4], "big")
    return content


def _columns(content: bytes) -> Row:
    head, place = _varint(content, 0)
    kinds = []
    while place < head:
        kind, place = _varint(content, place)
        kinds.append(kind)
    if place != head:
        raise ValueError("no row")
    values = []
    for kind in kinds:
        value, place = _value(content, place, kind)
        values.append(value)
    if place != len(content):
        raise ValueError("no row")
    return tuple(values)


_INTEGER_SIZES: Final = (0, 1, 2, 3, 4, 6, 8)


def _value(content: bytes, place: int, kind: int) -> tuple[object, int]:
    """The value of a column, and where the next one begins."""
    if kind == 0:
        return None, place
    if kind in (8, 9):
        return kind - 8, place
    if kind < len(_INTEGER_SIZES):
        end = place + _INTEGER_SIZES[kind]
        return int.from_bytes(content[place:end], "big", signed=True), end
    if kind < 12:
        raise ValueError("not a column of ours")
    end = place + (kind - 12) // 2
    value = content[place:end]
    return (value.decode("utf-8", "replace") if kind % 2 else value), end


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = content[place + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + step + 1
    return value << 8 | content[place + 8], place + 9


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
