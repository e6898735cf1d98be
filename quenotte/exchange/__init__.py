"""Exchanges with the outside: records handed over, in formats that others read."""
