"""Quenotte: the information system of a French dental practice."""

__version__ = "0.1.0"
