"""The IT provider's own site: it knows machines and practices, and no patient."""
