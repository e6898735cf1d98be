"""Visits: what was done at the chair, its note, its anaesthetic, and how it ends."""
