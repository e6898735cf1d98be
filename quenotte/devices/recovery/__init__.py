"""What a practice is recovered with when nothing is left but paper."""
