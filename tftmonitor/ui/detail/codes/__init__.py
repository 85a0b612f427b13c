"""What trouble codes mean: the public ones of SAE J2012, and the two numbers of J1939."""
