"""Pages about the mouth: translation between HTTP and the operations."""
