"""Devices and the newest that is known of each: status, series, motion, cadence."""
