"""The page of alarm statistics: how many, of whom, of what, and what can be made quieter."""
