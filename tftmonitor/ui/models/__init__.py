"""Item models over the fleet, the inbox and the alarms."""
