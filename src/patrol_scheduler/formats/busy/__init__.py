"""Reads what keeps officers busy elsewhere: their calendars, and the duty lists of their units."""
