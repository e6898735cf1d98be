"""Measurements: each module runs alone and prints one JSON object."""
