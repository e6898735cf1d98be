"""Questions that a technician puts to machines now: from the catalogue alone, with an end."""
