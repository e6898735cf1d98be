"""The practice's own machines: what they say of themselves, what follows, who may report."""
