"""Pages of prescriptions, letters and their settings."""
