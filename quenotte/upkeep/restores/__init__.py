"""Restores proven, and the practice brought back from paper."""
