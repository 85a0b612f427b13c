"""The tab with every field of the table by group, and what the table does not know."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)
from typing_extensions import override

from tftmonitor.base.redaction import redacted_frame
from tftmonitor.model.fields.formatting import clip, one_line
from tftmonitor.model.fleet.device import Device
from tftmonitor.protocol.codec import unmodelled
from tftmonitor.ui.detail.field_model import FieldModel
from tftmonitor.ui.detail.field_note import FieldNote
from tftmonitor.ui.detail.field_view import FieldView
from tftmonitor.ui.detail.page import DetailContext, DetailPage
from tftmonitor.ui.detail.plot_action import PlotAction
from tftmonitor.ui.detail.reading import problems_of
from tftmonitor.ui.detail.sections import Report
from tftmonitor.ui.theme.icons import action_icon
from tftmonitor.ui.widgets.labels import column_of, plain_label

_MOST_PROBLEMS = 5
_PLOTS_TAB = "Overview"


class FieldsPage(DetailPage):
    """A filter, the problems of the last frame, and the tree of fields."""

    title = "Fields"

    def __init__(self, context: DetailContext) -> None:
        super().__init__(context)
        self.model = FieldModel(context.table, self)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter fields")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter fields by name or key")
        self._search_action = self.filter.addAction(
            action_icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.scope = QComboBox()
        self.scope.addItems(["All fields", "Reported only"])
        self.scope.setAccessibleName("Which fields to list")
        self.problems = plain_label()
        self.problems.setAccessibleName("Values that could not be used")
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view = self._make_view()
        self.note = FieldNote()
        self._by_name = {field.name: field for field in context.table}
        self.plot_action = PlotAction(context.settings, context.table, self)
        self.plot_button = self.plot_action.button()
        # The plots stand on another tab: without a way to them nothing seems to have happened.
        self.see_button = QPushButton("See the plots")
        self.see_button.setToolTip("They stand on the tab Overview")
        self.see_button.setAutoDefault(False)
        self.see_button.hide()
        self.view.addAction(self.plot_action)
        # What the user opened or closed by hand stays so while the device is shown.
        self._chosen: dict[str, bool] = {}
        self._unknown_keys: tuple[bytes | None, dict[str, object]] = (None, {})
        self._opening = False
        self.set_body(self._make_body())
        self.filter.textChanged.connect(self._set_filter)
        self.scope.currentIndexChanged.connect(self._set_filter)
        self.model.modelReset.connect(self._open_sections)
        self.view.selectionModel().currentChanged.connect(self._show_note)
        self.note.confirmed.connect(self._confirm)
        self.see_button.clicked.connect(lambda: self.tab_requested.emit(_PLOTS_TAB))
        self.plot_action.changed.connect(self._offer_plots)
        # Another set of rows has no current one, of which the view says nothing.
        self.model.modelReset.connect(self._follow_row)
        self.view.selectionModel().currentRowChanged.connect(self._follow_row)
        self.view.expanded.connect(self._opened)
        self.view.collapsed.connect(self._closed)

    def show_field(self, label: str) -> None:
        """Find the field of this label and choose its row."""
        self.filter.setText(label)
        for number in range(self.model.rowCount()):
            section = self.model.index(number, 0)
            for place in range(self.model.rowCount(section)):
                index = self.model.index(place, 0, section)
                row = self.model.row_at(index)
                if row is not None and row.label == label:
                    self.view.setCurrentIndex(index)
                    return

    @classmethod
    @override
    def why_empty(cls, context: DetailContext, device: Device) -> str:
        if device.status is None:
            return "This device has sent no status yet, only other events."
        return ""

    @override
    def tick(self) -> None:
        self.model.tick(self.context.now_ms, self.context.clock.monotonic_s())

    @override
    def apply_theme(self) -> None:
        super().apply_theme()
        self.model.apply_theme()
        self._search_action.setIcon(action_icon("search"))
        self._ink_problems()
        self.view.viewport().update()

    @override
    def _fill(self, device: Device, *, is_new: bool) -> None:
        if is_new:
            self._chosen.clear()
            self.view.forget()
        now_ms = self.context.now_ms
        self._show_problems(device, now_ms)
        report = Report(
            device.status,
            self._other(device),
            self.context.frame_history.reported_ms,
            self.context.frame_history.since_ms,
            now_ms,
            self.context.clock.monotonic_s(),
            self.context.zone,
            device,
            self.context.meanings.of(device),
        )
        folded = [section.folded for section in self.model.sections]
        self.model.set_report(report, is_new=is_new)
        if folded != [section.folded for section in self.model.sections]:
            self._open_sections()
        self.view.fit(self.model.texts())
        self._show_note()

    def _other(self, device: Device) -> dict[str, object]:
        """The unknown keys of the last frame; parsed once a frame."""
        frame = device.frame
        if frame is not self._unknown_keys[0]:
            self._unknown_keys = (frame, unmodelled(redacted_frame(frame)) if frame else {})
        return self._unknown_keys[1]

    def _show_problems(self, device: Device, now_ms: int) -> None:
        own = (problem for problem in device.problems if problem != device.trouble)
        found = [*own, *problems_of(self.context.table, device.status, now_ms)]
        problems = list(dict.fromkeys(one_line(problem) for problem in found))
        self.problems.setVisible(bool(problems))
        shown = "; ".join(problems[:_MOST_PROBLEMS])
        more = len(problems) - _MOST_PROBLEMS
        more_text = f"; and {more} more" if more > 0 else ""
        self.problems.setText(clip(f"Could not be used: {shown}{more_text}"))

    def _set_filter(self) -> None:
        only_reported = self.scope.currentIndex() > 0
        self.model.set_filter(self.filter.text(), only_reported=only_reported)

    def _open_sections(self) -> None:
        """Open what has something to show, or whatever a filter has found."""
        self._opening = True
        for number, section in enumerate(self.model.sections):
            index = self.model.index(number, 0)
            self.view.setFirstColumnSpanned(number, QModelIndex(), True)
            wanted = bool(self.filter.text().strip()) or not section.folded
            self.view.setExpanded(index, self._chosen.get(section.title, wanted))
        self._opening = False

    def _show_note(self) -> None:
        row = self.model.row_at(self.view.currentIndex())
        # What the table does not know has no name, and no meaning that could be confirmed.
        field = self._by_name.get(row.name or "") if row else None
        self.note.show_field(field, self.device, is_confirmed=bool(row and row.confirmed))

    def _confirm(self, name: str, confirmed: bool) -> None:  # as the signal has it
        if self.device is not None:
            self.context.meanings.confirm(self.device, name, confirmed=confirmed)

    def _opened(self, index: QModelIndex) -> None:
        self._choose(index, opened=True)

    def _closed(self, index: QModelIndex) -> None:
        self._choose(index, opened=False)

    def _choose(self, index: QModelIndex, *, opened: bool) -> None:
        if not self._opening and not index.parent().isValid():
            self._chosen[self.model.sections[index.row()].title] = opened

    def _follow_row(self) -> None:
        self.plot_action.show_field(self.model.field_at(self.view.currentIndex()))

    def _offer_plots(self) -> None:
        self.see_button.setVisible(self.plot_action.is_added)

    def _ink_problems(self) -> None:
        self.problems.setForegroundRole(self.palette().ColorRole.BrightText)

    def _make_view(self) -> FieldView:
        view = FieldView()
        view.setModel(self.model)
        view.setAccessibleName("All fields by group")
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return view

    def _make_body(self) -> QWidget:
        body = QWidget()
        column = column_of(body)
        line = QHBoxLayout()
        line.addWidget(self.filter, 1)
        line.addWidget(self.scope)
        column.addLayout(line)
        column.addWidget(self.problems)
        column.addWidget(self.view, 1)
        column.addWidget(self.note)
        plots = QHBoxLayout()
        plots.addWidget(self.plot_button)
        plots.addWidget(self.see_button)
        plots.addStretch(1)
        column.addLayout(plots)
        self._ink_problems()
        return body
