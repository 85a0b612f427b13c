"""What a supply voltage tells: cranking, charging, a cut supply, a battery that drains."""
