"""Pages of the catalogue: translation between HTTP and the operations."""
