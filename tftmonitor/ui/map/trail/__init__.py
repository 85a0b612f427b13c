"""The way of the chosen device on the map."""
