"""Pages of the keyboard: lock, own account, proofs, rules."""
