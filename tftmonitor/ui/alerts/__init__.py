"""The outputs of an alarm: sound, tray, notifications; and keeping the computer awake."""
