"""The licences that a practice bought, written down by hand, beside what its machines have."""
