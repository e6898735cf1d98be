"""Pages of the medical questionnaires."""
