"""What is drawn under the devices: land, water, borders, out of a file that ships with us."""
