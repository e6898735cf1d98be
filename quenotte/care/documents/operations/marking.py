"""What a document that holds no more says of itself, on each copy that leaves the practice.

The bytes that are kept never change: a copy is marked each time that it is asked for.
"""

import logging

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.files import operations as files
from quenotte.care.documents import rules, wording
from quenotte.care.documents.models import Document, DocumentVersion
from quenotte.care.documents.operations import refusals
from quenotte.devices.paper import apart

logger = logging.getLogger(__name__)


def mention_of(document: Document, version: DocumentVersion) -> str:
    """Return what a version of a document has to say on paper; "" for one that holds."""
    said = []
    if document.cancelled_at is not None:
        day = date_format(timezone.localdate(document.cancelled_at), "d/m/Y")
        said.append(
            _("%(words)s le %(day)s") % {"words": wording.ended_words(document.kind), "day": day}
        )
    if document.withdrawn_at is not None:
        said.append(_("Retiré du dossier"))
    if version.taken_back_at is not None:
        said.append(_("Version %(n)s, remplacement annulé") % {"n": version.number})
    elif version.id != document.current_id:
        said.append(_("Version %(n)s, remplacée") % {"n": version.number})
    return ", ".join(said).upper()


def marked(version: DocumentVersion, mention: str) -> bytes:
    """Return the file of a version with a mention on each of its pages.

    Raises: CannotMark, so that nothing leaves bare; Missing when the bytes are not there.
    """
    if version.media_type == rules.TEXT:
        with files.open_blob(version.blob) as stream:
            text = rules.read_text(stream.read())
        return f"*** {mention} ***\n\n{text or ''}".encode()
    try:
        return apart.marked(files.local_path(version.blob), mention)
    except apart.Unreadable as error:
        logger.warning("a copy could not be marked: %s", error.reason)
        raise refusals.CannotMark from error
