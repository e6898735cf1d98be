"""What technicians look for across the fleet: search, views, software, who opened a practice."""
