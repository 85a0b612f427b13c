"""Where the window is sent: to a device, a rule, a place, a setting.

The modules of a page are imported when somebody asks for it, as the page itself.
"""

from dataclasses import dataclass

from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.ui.detail.pane import DetailPane
from tftmonitor.ui.devices.pane import DevicesPane
from tftmonitor.ui.plots.follower import PlotFollower
from tftmonitor.ui.window.shell import Shell


def show_device(shell: Shell, devices: DevicesPane, key: str) -> None:
    """Bring the window forward, with this device selected where there is one."""
    shell.window.come_forward()
    shell.window.leave_page()
    if key:
        devices.select(key)


@dataclass(frozen=True)
class MomentShown:
    """Brings the plots of a device to a moment, in seconds since 1970, however long ago."""

    fleet: Fleet
    devices: DevicesPane
    detail: DetailPane
    plots: PlotFollower

    def show(self, shell: Shell, key: str, moment_s: float) -> None:
        """Of a device that has no row by now only the reason is said why there is nothing."""
        device = self.fleet.find(key)
        if device is None:
            shell.show_note("This device has not reported since the start: it has no plots yet.")
            return
        show_device(shell, self.devices, device.key)
        self.detail.show_tab("Overview")
        # Where another one was shown it is live by now.
        self.plots.show(device.key)
        self.plots.go_to(moment_s)


def show_rule(shell: Shell, number: str) -> None:
    """Open the page of rules with the rule of this id."""
    from tftmonitor.ui.rules.pane import RulesPane

    shell.show_pane("rules")
    page = shell.page("rules")
    assert isinstance(page, RulesPane)
    page.show_rule(number)


def show_place(shell: Shell, key: str) -> None:
    """Open the page of places with the place of this key."""
    from tftmonitor.ui.places.pane import PlacesPane

    shell.show_pane("places")
    page = shell.page("places")
    assert isinstance(page, PlacesPane)
    page.show_place(key)


def show_setting(shell: Shell, label: str) -> None:
    """Open the settings and search for this one."""
    from tftmonitor.ui.settings.pane import SettingsPane

    shell.show_pane("settings")
    page = shell.page("settings")
    assert isinstance(page, SettingsPane)
    page.navigation.search.setText(label)
