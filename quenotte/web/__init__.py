"""The UI kit: templates, components, islands; it knows no domain."""
