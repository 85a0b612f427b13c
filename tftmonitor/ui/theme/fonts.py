"""The one typeface of the window, shipped with the program: Inter, with the system's for the rest.

Inter has figures of one width and tells 1, l and I apart. What it lacks (Arabic, Han, Thai ...)
comes from the families after it, as Qt finds them.
"""

import logging

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from tftmonitor.base.paths import resource

_log = logging.getLogger(__name__)

FAMILY = "Inter"
# At the size that a desktop asks for Inter looks larger than most; it reads well from here on.
_LEAST_POINTS = 9.0


def install_fonts(app: QApplication) -> bool:
    """Draw with Inter from now on, in the size of the desktop; False when it cannot be used."""
    for file in sorted(resource("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            _log.warning("the font %s cannot be used", file.name)
    if FAMILY not in QFontDatabase.families():
        return False
    system = app.font()
    font = QFont(system)
    font.setFamilies([FAMILY, system.family()])
    if system.pointSizeF() > 0:
        font.setPointSizeF(max(system.pointSizeF(), _LEAST_POINTS))
    app.setFont(font)
    return True
