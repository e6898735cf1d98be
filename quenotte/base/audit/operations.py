"""What other rooms do with the journal: write a line, prove that nothing was changed."""

from quenotte.base.audit.verification import Report, anchor, verify
from quenotte.base.audit.writing import record

__all__ = ["Report", "anchor", "record", "verify"]
