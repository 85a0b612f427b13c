"""Coordinates as people write them."""


def coordinates_text(latitude: float, longitude: float) -> str:
    """Decimal degrees, latitude first, as every other program reads them."""
    return f"{latitude:.6f}, {longitude:.6f}"


def dms_text(latitude: float, longitude: float) -> str:
    """Degrees, minutes and seconds: 52°31'12.0"N 13°24'18.0"E."""
    north = _dms(abs(latitude)) + ("N" if latitude >= 0 else "S")
    east = _dms(abs(longitude)) + ("E" if longitude >= 0 else "W")
    return f"{north} {east}"


def _dms(degrees: float) -> str:
    tenths = round(degrees * 36_000)
    whole, rest = divmod(tenths, 36_000)
    minutes, seconds = divmod(rest, 600)
    return f"{whole}°{minutes:02d}'{seconds / 10:04.1f}\""
