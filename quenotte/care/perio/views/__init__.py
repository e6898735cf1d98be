"""Pages of the periodontal chart: translation between HTTP and the operations."""
