"""Pages of the sterilisation."""
