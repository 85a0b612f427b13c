"""The configuration of a message bus that only one test knows."""

from pathlib import Path

# No folders of services: nothing is started that a test did not start.
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def bus_address(folder: Path) -> str:
    """Where the bus of this folder listens."""
    return f"unix:path={folder}/bus"


def bus_command(folder: Path) -> list[str]:
    """What starts the bus of this folder; its configuration is written there."""
    file = folder / "bus.conf"
    file.write_text(_CONFIG.format(address=bus_address(folder)))
    return ["dbus-daemon", "--nofork", f"--config-file={file}"]
