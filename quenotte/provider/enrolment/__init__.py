"""How machines come to be watched: tokens, quarantine, keys, revocation."""
