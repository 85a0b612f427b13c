"""JSON files that somebody has edited by hand, in whatever their editor writes."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))


def without_mark(content: bytes) -> bytes:
    """The content in UTF-8; raises UnicodeDecodeError where it is not what its mark says."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.removeprefix(mark).decode(encoding).encode()
    return content


def why_unreadable(content: bytes, error: Exception) -> str:
    """In words, why it could not be decoded: the code page of the file goes before its form."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as found:
        line = content.count(b"\n", 0, found.start) + 1
        return f"line {line} is not UTF-8"
    return str(error)
