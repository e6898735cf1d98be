"""What people type on prescriptions, letters and their settings."""
