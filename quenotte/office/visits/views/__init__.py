"""Pages of the visits: translation between HTTP and the operations."""
