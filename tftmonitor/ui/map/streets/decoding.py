"""Pictures of tiles out of bytes that nobody trusts; runs in a thread of its own.

``QImageReader.read`` lets other threads go on while it decodes, ``QImage.fromData`` does not: the
window would stand for as long.
"""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

_LARGEST: Final = 1_024
"""Pixels of a side: four times the usual one."""
_RIFF, _WEBP_AT = b"RIFF", slice(8, 12)
_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", b"png"), (b"\xff\xd8\xff", b"jpeg"))


class BrokenPictureError(Exception):
    """The bytes are no picture of a tile."""


def decoded(content: bytes) -> QImage:
    """The picture, ready to be painted; raises BrokenPictureError.

    Its kind is told by its bytes, so that no other decoder of Qt ever sees what a server sends.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_kind_of(content)))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not (0 < size.width() <= _LARGEST and 0 < size.height() <= _LARGEST):
        raise BrokenPictureError
    picture = reader.read()
    if picture.isNull():
        raise BrokenPictureError
    # The only format that is scaled smoothly at speed.
    return picture.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _kind_of(content: bytes) -> bytes:
    for head, kind in _KINDS:
        if content.startswith(head):
            return kind
    if content.startswith(_RIFF) and content[_WEBP_AT] == b"WEBP":
        return b"webp"
    raise BrokenPictureError
