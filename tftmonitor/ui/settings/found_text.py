"""Looks for words in what a group of settings says on the screen."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractButton, QComboBox, QGroupBox, QLabel, QWidget

from tftmonitor.base.text_search import folded


def fits(texts: Sequence[str], words: str) -> bool:
    """True when each of the words is in one of the texts; no words fit everything."""
    hay = folded("\n".join(texts))
    return all(word in hay for word in folded(words).split())


def texts_of(widget: QWidget) -> list[str]:
    """The title of a group, and the texts of all its labels, buttons and choices."""
    texts = [widget.title()] if isinstance(widget, QGroupBox) else []
    for child in [widget, *widget.findChildren(QWidget)]:
        if isinstance(child, (QLabel, QAbstractButton)):
            texts.append(child.text())
        elif isinstance(child, QComboBox):
            texts += [child.itemText(place) for place in range(child.count())]
    return texts
