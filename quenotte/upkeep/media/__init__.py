"""Disks and other media: what was seen of them, what is wrong, what the journal is told."""
