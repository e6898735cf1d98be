"""Pages across the fleet."""
