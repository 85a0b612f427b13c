"""From what the feed reports to alarms with a life: codes, intake, correlation, reducer."""
