"""Treatment plans: alternatives, sessions, acts that are planned, and their appointments."""
