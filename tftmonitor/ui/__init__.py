"""The window. PySide6, pyqtgraph and qasync are imported here and nowhere below."""
