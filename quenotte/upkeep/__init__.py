"""Backups and restores: databases and files, without knowing what they say."""
