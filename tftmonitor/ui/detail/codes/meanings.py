"""What a trouble code means, by the table that ``packaging/make_trouble_codes.py`` makes."""

import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from tftmonitor.base.paths import resource
from tftmonitor.ui.detail.codes.j1939 import truck_code

NO_MEANING: Final = "no public meaning known"
_LOG = logging.getLogger(__name__)
_TRUCKS = "J1939"
# With the byte of the failure type that newer vehicles put behind it, which the table has not.
_CODE = re.compile(r"([PCBU][0-3][0-9A-F]{3})(?:[-:]?[0-9A-F]{2})?")
# SAE J2012 leaves these to the makers of vehicles: each means another thing with each make.
_OF_THE_MAKER = re.compile(r"P1|P3[0-3]|[CB][12]|U[12]")


def meaning(code: str, standard: str) -> str:
    """What a code means, as one short text; ``standard`` is what it was reported under.

    Says so where nobody has published a meaning. Both are texts of the feed and may be anything.
    """
    is_truck = standard.strip().upper() == _TRUCKS
    if is_truck and (numbers := truck_code(code)):
        return numbers.text
    found = _CODE.fullmatch(code.strip().upper())
    if found is None:
        return NO_MEANING
    if is_truck:
        # The tracker writes any two bytes with a letter, and these were no code of that kind.
        return f"{NO_MEANING} (SPN and FMI cannot be told from this form)"
    if _OF_THE_MAKER.match(found[1]):
        return f"{NO_MEANING} (a code of the vehicle's maker)"
    return _table().get(found[1], NO_MEANING)


@cache
def _table() -> Mapping[str, str]:
    """All public meanings by code, read when the first is asked for: half a megabyte."""
    path = resource("codes", "trouble-codes.tsv")
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        # A damaged installation must not cost the tab, which has more to show than this.
        _LOG.warning("no meanings of trouble codes: %s", error)
        return {}
    return dict(parts for line in lines if len(parts := line.split("\t")) == 2)
