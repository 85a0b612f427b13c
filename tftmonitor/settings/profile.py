"""Where a user's settings and history are when no other place is named."""

from pathlib import Path


def default_profile(*, demo: bool = False) -> Path:
    """The folder of the profile; the demo has one of its own."""
    import platformdirs

    home = Path(platformdirs.user_data_dir("tftmonitor", appauthor=False))
    return home / ("demo" if demo else "profile")
