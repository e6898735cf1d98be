"""The tables of the rooms of ``office``, gathered for Django."""
