"""A practice brought back from a copy into an empty folder, on a machine that knows nothing."""
