"""Backups as repositories of restic's format, version 2: written, read and checked in Python.

Stock restic and the passphrase open everything without us (decision 33). Nothing here deletes or
rewrites what was stored.
"""
