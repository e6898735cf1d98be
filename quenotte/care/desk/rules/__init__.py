"""Decisions of the desk on plain values."""
