"""How the list marks what did not come by push."""

import msgspec
import pytest
from PySide6.QtCore import Qt

from tests.ui.devices.conftest import NewModel
from tftmonitor.base.clock import HOUR_MS
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.protocol.messages import SnapshotData

pytestmark = pytest.mark.usefixtures("qapp")


def test_report_and_name_that_were_asked_for_say_so(new_model: NewModel) -> None:
    devices = new_model()
    now_ms = devices.clock.now_ms()
    status = msgspec.convert({"date": now_ms - HOUR_MS, "speed": 7}, DeviceStatus)
    devices.fleet.set_account_names({"b": "Theirs"})
    devices.fleet.apply_asked(SnapshotData(imei="b"), status, b"{}", now_ms)
    model = devices.build()

    def tips() -> str:
        cells = (model.index(0, column) for column in range(model.columnCount()))
        return " ".join(model.data(cell, Qt.ItemDataRole.ToolTipRole) for cell in cells)

    assert "Last report asked over HTTP 0 s ago" in tips()
    assert "of the account" in tips()
    devices.report("b")
    devices.fleet.set_names({"b": "Mine"})
    assert "HTTP" not in tips()
