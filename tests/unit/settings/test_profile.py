"""Commands and window find the same profile."""

from tftmonitor.settings.profile import default_profile


def test_demo_has_a_profile_of_its_own() -> None:
    own, demo = default_profile(), default_profile(demo=True)
    assert (own.name, demo.name) == ("profile", "demo")
    assert own.parent == demo.parent
