"""A titled group of settings, laid out from its rows; ``pane.py`` is the only caller."""

from collections.abc import Mapping
from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QGroupBox, QLabel, QWidget

from tftmonitor.ui.settings.editors import FlagEditor, SettingEditor, make_editor
from tftmonitor.ui.settings.found_text import fits
from tftmonitor.ui.settings.table import SettingGroup
from tftmonitor.ui.widgets.labels import plain_label


class SettingsGroup(QGroupBox):
    """One editor a row. ``edited`` carries the setting's name and its new value.

    ``extras`` are widgets that stand below the setting of that name.
    """

    edited = Signal(str, object)

    def __init__(
        self,
        group: SettingGroup,
        settings: type[msgspec.Struct],
        extras: Mapping[str, QWidget] | None = None,
    ) -> None:
        super().__init__(group.title)
        self.editors: dict[str, SettingEditor] = {}
        self._form = make_form(self)
        # Of each setting: its texts, and which rows of the form it has.
        self._parts: list[tuple[list[str], int, int]] = []
        for row in group.rows:
            first = self._form.rowCount()
            editor = make_editor(settings, row)
            self.editors[row.name] = editor
            editor.edited.connect(partial(self.edited.emit, row.name))
            if isinstance(editor, FlagEditor):
                self._form.addRow(editor)
            else:
                self._form.addRow(name_label(row.label, editor.control), editor)
            if row.help:
                self._form.addRow(plain_label(row.help, muted=True))
            if extras and row.name in extras:
                self._form.addRow(extras[row.name])
            texts = [row.label, row.help, *row.words.values()]
            self._parts.append((texts, first, self._form.rowCount()))

    def show_found(self, words: str) -> bool:
        """Show the rows that have these words, all where the title has them; False for none."""
        whole = fits([self.title()], words)
        found = [whole or fits(texts, words) for texts, _first, _last in self._parts]
        for is_found, (_texts, first, last) in zip(found, self._parts, strict=True):
            for row in range(first, last):
                self._form.setRowVisible(row, is_found)
        return any(found)

    def show_values(self, values: msgspec.Struct) -> None:
        """Show what the settings are now."""
        for name, editor in self.editors.items():
            editor.show_value(getattr(values, name))


def make_form(holder: QWidget) -> QFormLayout:
    """Label and editor side by side, or below each other where it is narrow."""
    form = QFormLayout(holder)
    form.setContentsMargins(10, 8, 10, 10)
    form.setVerticalSpacing(7)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def name_label(text: str, control: QWidget) -> QLabel:
    """The label of an editor, on one line: a form squeezes one that can wrap."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setBuddy(control)
    return label
