"""The drill: a practice attacked in a folder of its own, and brought back from paper alone."""
