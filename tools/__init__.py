"""What developers run: set-up, checks, packaging. Nothing here ships in the wheel."""
