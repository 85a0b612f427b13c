"""Asking the vendor's HTTP interface: one request after the other, bounded in all that it takes."""
