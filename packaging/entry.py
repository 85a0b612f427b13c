"""Where the frozen program starts."""

from tftmonitor.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
