"""What ARCHITECTURE says of adding things, done to a copy of the program: the line, and no more.

A pane, a setting and a kind of record have tests beside their own: ``ui/window/test_shell.py``,
``ui/settings/test_new_setting.py`` and ``ui/detail/test_records_tab.py``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def program_with(folder: Path, file: str, before: str, added: str) -> Path:
    """A copy of the program in which ``added`` stands before the first ``before`` of a file."""
    shutil.copytree(
        ROOT / "tftmonitor", folder / "tftmonitor", ignore=shutil.ignore_patterns("__pycache__")
    )
    os.symlink(ROOT / "resources", folder / "resources")
    changed = folder / "tftmonitor" / file
    text = changed.read_text("utf-8")
    assert before in text
    changed.write_text(text.replace(before, added + before, 1), "utf-8")
    return folder


def run(folder: Path, script: str) -> str:
    """What a script prints that imports the copy."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(folder), "QT_QPA_PLATFORM": "offscreen"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_alarm_is_one_row(tmp_path: Path) -> None:
    row = '    AlarmKind("hologram", "Hologram seen", _CRITICAL, event=999),\n'
    folder = program_with(
        tmp_path, "model/alarms/codes.py", '    AlarmKind("power_on", "Power on"', row
    )
    script = """
from tftmonitor.model.alarms.codes import Numbering
from tftmonitor.model.alarms.numbering import CodeResolver
resolver = CodeResolver()
resolver.pin("X-1", Numbering.EVENT)
found = resolver.resolve(999, None, "X-1")
print(found.name, found.severity.word, found.kind.key)
"""
    assert run(folder, script) == "Hologram seen critical hologram"


def test_a_field_is_one_line(tmp_path: Path) -> None:
    line = '    hologram: Annotated[Number, _row("Hologram strength", Group.LINK)] = UNSET\n'
    folder = program_with(tmp_path, "model/fields/status.py", "    imei: Annotated[", line)
    script = """
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.channels import Channel
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.ui.devices.table.columns import columns_of
frame = b'{"event":"snapshot","data":{"imei":"1","status":{"hologram":"7"}}}'
push = decode(Channel.DEVICES, frame)
field = STATUS_FIELDS.by_name["hologram"]
columns = columns_of(STATUS_FIELDS)
print(field.read(push.status, 0), "hologram" in columns, field.spec.label)
"""
    assert run(folder, script) == "7.0 True Hologram strength"


def test_a_kind_of_rule_is_a_class_and_a_row(tmp_path: Path) -> None:
    kind = '''class HologramSeen(Condition, frozen=True, tag="hologram_seen"):
    """Holds while the speed says so."""

    @property
    def source(self) -> str | None:
        return "speed"

    def describe(self) -> str:
        return "Hologram seen"


'''
    folder = program_with(tmp_path, "model/rules/kinds.py", "CONDITIONS: Final = (\n", kind)
    table = folder / "tftmonitor" / "model" / "rules" / "kinds.py"
    text = table.read_text("utf-8")
    row = '    ConditionKind("Hologram", HologramSeen),\n'
    start = "CONDITIONS: Final = (\n"
    table.write_text(text.replace(start, start + row, 1), "utf-8")
    script = """
from PySide6.QtWidgets import QApplication
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.kinds import HologramSeen
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
import inspect
from tftmonitor.ui.rules.editor import RuleEditor
app = QApplication([])
rule = from_disk(to_disk(Rule(id="r", condition=HologramSeen())))
from tftmonitor.base.clock import SystemClock
editor = RuleEditor(Fleet(), SystemClock())
kinds = [editor.kind.itemText(n) for n in range(editor.kind.count())]
print(rule.condition.describe(), rule.works, "Hologram" in kinds)
"""
    assert run(folder, script) == "Hologram seen True True"
