"""What changes in the catalogue: each one transaction, one line of the journal."""

from quenotte.office.catalogue.operations.loading import load, load_everywhere

__all__ = ["load", "load_everywhere"]
