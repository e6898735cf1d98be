"""What runs how often, beside what every site does (config.periodic)."""
