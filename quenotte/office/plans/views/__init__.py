"""Pages of the plans: translation between HTTP and the operations."""
