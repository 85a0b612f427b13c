"""What several units answer to, as an alarm."""
