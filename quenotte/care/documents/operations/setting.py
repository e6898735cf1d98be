"""Papers that rooms set by Typst: one that cannot be set is declined in calm words."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quenotte.care.documents.operations.refusals import CannotPrint
from quenotte.devices.paper.typesetting import CannotTypeset, typeset

logger = logging.getLogger(__name__)


def set_paper(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF/A of a template and its data (see ``typesetting.typeset``).

    Raises: CannotPrint; the log says why, and nothing of the patient.
    """
    try:
        return typeset(template, data, made_at=made_at)
    except (CannotTypeset, OSError) as error:
        logger.warning("%s was not set: %s", template, type(error).__name__)
        raise CannotPrint from error
