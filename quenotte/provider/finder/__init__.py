"""What machines say of themselves, by its words: each phrase once, and who says it."""
