"""Whole columns as they were reported: what cannot be stays, what stands for none is none."""

import numpy as np
from msgspec import UNSET

from tftmonitor.model.fields.bulk_reading import read_numbers, read_reported
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus

LATITUDE = STATUS_FIELDS.by_name["lat"]


def test_reported_and_known() -> None:
    statuses = [
        DeviceStatus(lat=value, lng=0.0) for value in (52.5, 0.0, 91.0, -999.0, None, UNSET)
    ]
    nan = np.nan
    np.testing.assert_equal(read_reported(LATITUDE, statuses), [52.5, 0.0, 91.0, nan, nan, nan])
    np.testing.assert_equal(read_numbers(LATITUDE, statuses, 0), [52.5, nan, nan, nan, nan, nan])
