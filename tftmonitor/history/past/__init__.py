"""The recorded values of one device over time, straight from the columns that they are kept in."""
