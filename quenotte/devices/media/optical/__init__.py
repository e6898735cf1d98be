"""Optical discs: a set cut in volumes, each of which says what the whole set is."""
