"""What the worker does for pictures: what the receiving process could not do in time."""

import time

from django.utils.translation import gettext_lazy as _

from quenotte.base.jobs.operations import job
from quenotte.care.imaging.operations import frames, thumbnails

#: An object is in the hands of the listener for less than this, in seconds.
_IN_HAND_S = 120


@job(max_attempts=3, label=_("Rattrapage des images et des vignettes"))
def catch_up() -> None:
    """Write the rows and draw the thumbnails that are missing."""
    # It brings the DICOM reader along, which only the worker that runs this needs.
    from quenotte.care.imaging.operations import arrivals

    arrivals.sweep_pending(before=time.time() - _IN_HAND_S)
    thumbnails.catch_up()


@job(max_attempts=2, label=_("Allègement de la réserve d’images affichées"))
def prune_frames() -> None:
    """Keep the cache of decoded frames within its size."""
    frames.prune()
