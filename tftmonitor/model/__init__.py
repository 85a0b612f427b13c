"""What is known of the fleet: the field table, stores and alarms. No asyncio, no files, no Qt."""
