"""The file of evidence of a practice: what is measured, what was signed, kept and chained."""
