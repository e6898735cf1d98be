"""Pages of recalls: the list, one of them, a patient’s, the rules and texts."""
