"""Reading what claims to be a DICOM object, sent by a device or dropped by a person."""

from pathlib import Path

from quenotte.devices.dicom.headers import Header, Unreadable, read_header


def read_object(path: Path) -> Header:
    """Return the header of a DICOM object.

    Raises: Unreadable when it is none, Truncated when its picture is cut short.
    """
    header = read_header(path)
    # A reader that forgives everything finds an empty header in anything.
    if header.sop_instance_uid or header.sop_class_uid or header.kind == "image":
        return header
    raise Unreadable
