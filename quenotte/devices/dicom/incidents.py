"""Failures of the code above us: logged once, numbered, without a patient's data."""

import logging
import traceback
import uuid
from collections.abc import Callable
from typing import TypeVar

logger = logging.getLogger(__name__)

T = TypeVar("T")


def safely(doing: str, action: Callable[[], T], *, otherwise: T) -> T:
    """Return what `action` returns; when it fails, log an incident and return `otherwise`.

    The log says where it failed and never what the error says: it may quote a patient.
    """
    try:
        return action()
    except Exception as error:  # noqa: BLE001 - a device must be answered whatever happens
        frames = "".join(traceback.format_tb(error.__traceback__))
        number, name = uuid.uuid4(), type(error).__name__
        logger.error("incident %s while %s: %s\n%s", number, doing, name, frames)
        return otherwise
