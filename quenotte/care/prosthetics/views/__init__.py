"""Pages of implants and laboratories."""
