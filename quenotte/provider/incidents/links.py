"""The links of a digest: signed, good for three weeks, each for one answer to one subject."""

from typing import Final
from uuid import UUID

from django.core import signing

from quenotte.provider.incidents.rules import LINK_LENGTH, Answer

_SALT: Final = "quenotte.provider.digest"


class BadLink(ValueError):
    """A link that nobody of ours signed, or whose time is over."""


def token_of(subject_id: UUID, answer: Answer) -> str:
    """Return what stands in the address of a link."""
    return signing.TimestampSigner(salt=_SALT).sign(f"{subject_id.hex}-{answer}")


def read(token: str) -> tuple[UUID, Answer]:
    """Return the subject and the answer of a link. Raises: BadLink."""
    try:
        told = signing.TimestampSigner(salt=_SALT).unsign(token, max_age=LINK_LENGTH)
        subject, _dash, answer = told.partition("-")
        return UUID(hex=subject), Answer(answer)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink("this link opens nothing") from error
