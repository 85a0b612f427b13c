"""What a rule would have done with the samples that are in memory."""
