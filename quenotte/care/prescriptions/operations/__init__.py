"""Writing prescriptions and letters: drafts that change, papers that never do."""

from quenotte.care.prescriptions.operations.drafting import (
    Written,
    begin,
    drop,
    save,
    template_of,
)
from quenotte.care.prescriptions.operations.importing import import_drugs
from quenotte.care.prescriptions.operations.issuing import cancel, copy, duplicate, issue
from quenotte.care.prescriptions.operations.settings import (
    forget_favourite,
    keep_favourite,
    save_correspondent,
    save_model,
    save_prescriber,
    save_text,
)
from quenotte.care.prescriptions.operations.writing import (
    begin_letter,
    cancel_letter,
    drop_letter,
    issue_letter,
    save_letter,
)

__all__ = [
    "Written",
    "begin",
    "begin_letter",
    "cancel",
    "cancel_letter",
    "copy",
    "drop",
    "drop_letter",
    "duplicate",
    "forget_favourite",
    "import_drugs",
    "issue",
    "issue_letter",
    "keep_favourite",
    "save",
    "save_correspondent",
    "save_letter",
    "save_model",
    "save_prescriber",
    "save_text",
    "template_of",
]
