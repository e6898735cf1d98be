"""A record as FHIR R4B: written, checked against the standard, and its mouth read back."""
