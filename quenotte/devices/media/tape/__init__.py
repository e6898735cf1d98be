"""Tapes: a real drive through its ioctls, or a file that obeys the same rules."""
