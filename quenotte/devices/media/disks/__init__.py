"""Removable disks A, B, C: recognised, written, read back, and sent away again."""
