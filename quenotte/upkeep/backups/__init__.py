"""Copies of the practice: where they go, when they are made, whether they hold."""
