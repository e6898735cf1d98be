"""Pure Python shared by everything: no Django, no clock, no files."""
