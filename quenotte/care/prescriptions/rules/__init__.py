"""Decisions on prescriptions and letters: values only."""
