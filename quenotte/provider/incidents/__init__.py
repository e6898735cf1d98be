"""Incidents: what one person mends in one go, told once, to who is on duty, and to the practice."""
