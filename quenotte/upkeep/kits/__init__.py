"""The recovery kit: printed once, typed back from paper, replaced."""
