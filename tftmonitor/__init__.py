"""Desktop monitor for fleets of TFT IoT (TOPFLYtech) GPS trackers."""

__version__ = "0.1.0"
