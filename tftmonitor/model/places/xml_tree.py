"""XML of strangers as a tree of plain values: nothing declared, nothing fetched, bounded.

A document type is refused before anything in it is read, so that no entity can be declared,
neither one that grows nor one that names a file.
"""

from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from tftmonitor.model.places.exchange import PlacesFileError

_MOST_ELEMENTS: Final = 300_000
_DEEPEST: Final = 60


@dataclass(slots=True)
class Element:
    """``tag`` and the names of ``attributes`` are without their namespaces."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text right in it."""
        return "".join(self.parts).strip()

    def child(self, tag: str) -> "Element | None":
        """The first child of this tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def child_text(self, tag: str) -> str:
        """The text of the first child of this tag, "" without one."""
        found = self.child(tag)
        return found.text if found is not None else ""

    def all(self, *tags: str) -> "list[Element]":
        """All of these tags in it, at any depth, in the order of the file."""
        found: list[Element] = []
        waiting = list(reversed(self.children))
        while waiting:
            element = waiting.pop()
            if element.tag in tags:
                found.append(element)
            waiting.extend(reversed(element.children))
        return found


class _Builder:
    """What the parser calls."""

    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise PlacesFileError(f"It has more than {_MOST_ELEMENTS:,} elements.")
        if len(self._open) > _DEEPEST:
            raise PlacesFileError("Its elements are nested too deeply.")
        plain = {_bare(key): value for key, value in attributes.items()}
        element = Element(_bare(name), plain)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].parts.append(text)


def read_xml(content: bytes) -> Element:
    """The root of a document; raises PlacesFileError, with words, for what is not taken."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        raise PlacesFileError(f"This is not XML: {words} in line {error.lineno}.") from None
    except (ValueError, LookupError) as error:
        if isinstance(error, PlacesFileError):
            raise
        raise PlacesFileError("This is XML in an encoding that is not known here.") from None
    return builder.root.children[0]


def _refuse_doctype(*_declared: object) -> NoReturn:
    raise PlacesFileError("It declares a document type, which no file of places needs.")


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
