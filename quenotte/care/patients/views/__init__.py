"""Pages of the patients."""
