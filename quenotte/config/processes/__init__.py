"""The processes of a practice, each of which can be run alone."""
