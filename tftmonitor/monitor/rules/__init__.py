"""The rules of the user at work on devices, records and links."""
