"""What the practice's server tells its provider of the copies, and what the provider opened."""
