"""The guard: each copy is compared with the last good one before it may take its place."""
