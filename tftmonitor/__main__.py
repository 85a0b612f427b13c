"""Starts the command line when the package is run with ``python -m tftmonitor``."""

from tftmonitor.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
