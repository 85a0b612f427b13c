"""The one filter that keeps a credential out of what is logged, kept and shown.

A server can send back what signs in: the digest, spelled in any way, or the password behind it.
Each session has a ``Redaction`` of its own; what is asked for in the name of none, as a line of the
log, is filtered by those of all sessions that there are.
"""

import base64
import contextlib
import hashlib
import json
import re
import weakref
from collections.abc import Callable
from typing import Any, Final

MARK: Final = "[redacted]"

# Nothing shorter spells the digest; what is as short as most values is not looked into.
_SHORTEST: Final = 16
# Of the 32 digits these are in every part of it that is 24 long.
_CORE: Final = slice(8, 24)
# In JSON a line end between two digits is a letter behind a backslash.
_GAP: Final = r"(?:\\[bfnrt]|[^0-9A-Za-z]){0,6}"
_ESCAPE: Final = re.compile(rb"\\[bfnrt]")
_NO_LETTERS: Final = bytes(n for n in range(128) if not chr(n).isalnum())
# A password as short as this is a word like any other.
_SHORTEST_WORD, _LONGEST_WORD = 6, 128
_LONG_TEXT: Final = 65_536
# What stands between signs, and what stands between blanks and quotes: it may have signs in it.
_WORD: Final = re.compile(rb"""[^\s"'<>=:,;.!?(){}\[\]\\]{6,128}""")
_LONG_WORD: Final = re.compile(rb"""[^\s"\\]*[^\s"\\\w][^\s"\\]*""")
_AROUND: Final = b".!?,;:()[]{}'<>="
# What these hold says what a frame is, and no server writes a password there.
_KINDS: Final = frozenset({"event", "type"})

_live: "weakref.WeakSet[Redaction]" = weakref.WeakSet()


class Redaction:
    """Takes one credential out of texts and frames. It holds the digest, and no password.

    ``digest`` is the MD5 of the password in 32 hexadecimal digits; anything else is looked for
    as it is. A word is the password if its MD5 is the digest.
    """

    def __init__(self, digest: str) -> None:
        self._digest = digest.lower()
        self._core = self._digest[_CORE].encode() or b"\0"
        self._raw = _raw_digest(self._digest)
        self._forms = _base64_forms(self._digest, self._raw)
        _live.add(self)

    @property
    def digest(self) -> str:
        """What it looks for."""
        return self._digest

    def text(self, text: str) -> str:
        """The text without the credential; the same object when it is not in it."""
        content = text.encode("utf-8", "replace")
        if self._is_spelled(content):
            text = self._without_digest(text)
        for word in self._passwords(content):
            text = text.replace(word, MARK)
        return text

    def value(self, text: str) -> str:
        """As ``text``, for values, which are many and short: the password is not looked for."""
        if len(text) < _SHORTEST or not self._is_spelled(text.encode("utf-8", "replace")):
            return text
        return self._without_digest(text)

    def frame(self, frame: bytes, *, words: bool = True) -> bytes:
        """A frame without the credential; the same object when it is not in it.

        Takes some milliseconds for a megabyte. ``words``: look for the password as well, in
        frames of up to 64 kB.
        """
        if not (
            self._is_spelled(frame)
            or (b"\\u00" in frame and self._is_spelled(_unescaped(frame)))
            or (words and self._passwords(frame))
        ):
            return frame
        try:
            content = json.loads(frame)
            return json.dumps(self._cleaned(content), ensure_ascii=False).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            return self.text(frame.decode("utf-8", "replace")).encode()

    def _is_spelled(self, content: bytes) -> bool:
        if self._core in content.lower().translate(None, _NO_LETTERS):
            return True
        if b"\\" in content:
            plain = _ESCAPE.sub(b"", content).lower()
            if self._core in plain.translate(None, _NO_LETTERS):
                return True
        return any(form in content for form in self._forms)

    def _without_digest(self, text: str) -> str:
        if len(text) > _LONG_TEXT:
            return MARK  # to find it in so much takes too long
        digits = self._digest
        text = re.sub(_GAP.join(digits), MARK, text, flags=re.IGNORECASE)
        if self._is_spelled(text.encode("utf-8", "replace")):
            text = re.sub(_parts_pattern(digits), MARK, text, flags=re.IGNORECASE)
        for form in self._forms:
            text = re.sub(rf"{re.escape(form.decode())}[\w+/\-]*=*", MARK, text)
        return text

    def _passwords(self, content: bytes) -> set[str]:
        """The words that are the password."""
        if len(content) > _LONG_TEXT:
            return set()
        words = {content}
        for text in (content, *(_texts(content) if b"\\u" in content else ())):
            words.update(_WORD.findall(text))
            for word in _LONG_WORD.findall(text):
                words |= {word, word.strip(_AROUND)}
        found = (
            word
            for word in words
            if _SHORTEST_WORD <= len(word) <= _LONGEST_WORD
            and hashlib.md5(word, usedforsecurity=False).digest() == self._raw
        )
        return {word.decode("utf-8", "replace") for word in found}

    def _cleaned(self, value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            return self.value(value) if key in _KINDS else self._cleaned_text(value)
        if isinstance(value, list):
            return [self._cleaned(item) for item in value]
        if isinstance(value, dict):
            return {self.value(name): self._cleaned(inner, name) for name, inner in value.items()}
        return value

    def _cleaned_text(self, text: str) -> str:
        """JSON within a text can be written in escapes once more."""
        cleaned = self.text(text)
        if "\\u00" in cleaned:
            with contextlib.suppress(ValueError, RecursionError):
                inner = json.loads(cleaned)
                if (clean := self._cleaned(inner)) != inner:
                    return json.dumps(clean, ensure_ascii=False)
        return cleaned


def known_digests() -> set[str]:
    """What all that there are look for, so that another process can look for it, too."""
    while True:
        try:
            return {redaction.digest for redaction in tuple(_live)}
        except RuntimeError:  # another thread has made one meanwhile
            continue


def redacted(text: str) -> str:
    """The text without the credential of any session that there is."""
    return _by_all(Redaction.text, text)


def redacted_value(text: str) -> str:
    """As ``redacted``, for the values and names that a device sends."""
    return _by_all(Redaction.value, text) if len(text) >= _SHORTEST else text


def redacted_frame(frame: bytes) -> bytes:
    """A frame without the credential of any session that there is."""
    for redaction in tuple(_live):
        frame = redaction.frame(frame, words=False)
    return frame


def _by_all(clean: Callable[[Redaction, str], str], text: str) -> str:
    for redaction in tuple(_live):
        text = clean(redaction, text)
    return text


def _raw_digest(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return b""


def _base64_forms(digest: str, raw: bytes) -> tuple[bytes, ...]:
    """Beginnings of what base64 makes of it; the last letters depend on what follows."""
    if not raw:
        return ()
    of_bytes = base64.b64encode(raw)[:20]
    return (
        of_bytes,
        of_bytes.translate(bytes.maketrans(b"+/", b"-_")),
        base64.b64encode(digest.encode())[:40],
        base64.b64encode(digest.upper().encode())[:40],
    )


def _parts_pattern(digits: str) -> str:
    """Finds each part of the digits that holds their core, the longest first."""
    start, stop = _CORE.start, _CORE.stop
    tail = ""
    for digit in reversed(digits[stop:]):
        tail = f"(?:{_GAP}{digit}{tail})?"
    heads = (_GAP.join(digits[first:stop]) for first in range(start + 1))
    return f"(?:{'|'.join(heads)}){tail}"


def _unescaped(frame: bytes) -> bytes:
    return b" ".join(_texts(frame))


def _texts(content: bytes) -> list[bytes]:
    """All texts in a piece of JSON, keys and JSON in texts included; none where it is no JSON."""
    found: list[bytes] = []

    def look(value: Any) -> None:
        if isinstance(value, str):
            found.append(value.encode("utf-8", "replace"))
            if "\\u00" in value:
                found.extend(_texts(found[-1]))
        elif isinstance(value, list):
            for item in value:
                look(item)
        elif isinstance(value, dict):
            for name, inner in value.items():
                look(name)
                look(inner)

    try:
        look(json.loads(content))
    except (ValueError, RecursionError):
        return []
    return found
