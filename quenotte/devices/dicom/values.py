"""Values of a data set by keyword: always a plain value, never an exception."""

from collections.abc import Iterator
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from quenotte.devices.dicom.silence import quiet
from quenotte.devices.dicom.texts import TEXT_LIMIT, as_numbers, cleaned, decoded

_RAW_LIMIT = 1 << 16  # bytes of one text value that are looked at
_ITEMS_LIMIT = 64


class Values:
    """Reads one data set. Texts come decoded, cleaned and bounded; what is absent is ""."""

    def __init__(self, dataset: Dataset, charsets: tuple[str, ...] | None = None) -> None:
        self._dataset = dataset
        self._charsets: tuple[str, ...] = charsets or ()
        own = tuple(part.strip() for part in self._string("SpecificCharacterSet").split("\\"))
        if any(own):
            self._charsets = own

    def text(self, keyword: str, limit: int = TEXT_LIMIT) -> str:
        """Return a text, at most `limit` characters."""
        return cleaned(self._string(keyword), limit)

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a multiple text."""
        parts = self._string(keyword).split("\\")[:_ITEMS_LIMIT]
        return tuple(cleaned(part) for part in parts)

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """Return the numbers written as text (DS, IS)."""
        return as_numbers(self._string(keyword))

    def whole(self, keyword: str) -> int | None:
        """Return a whole number, whether binary (US) or text (IS)."""
        value = self._converted(keyword)
        if isinstance(value, int):
            return int(value)
        numbers = self.numbers(keyword)
        return int(numbers[0]) if numbers else None

    def items(self, keyword: str) -> Iterator["Values"]:
        """Yield the items of a sequence; nothing when it is not one."""
        sequence = self._converted(keyword)
        if isinstance(sequence, Sequence):
            for item in list(sequence)[:_ITEMS_LIMIT]:
                yield Values(item, self._charsets)

    def _converted(self, keyword: str) -> Any:
        try:
            with quiet():
                return self._dataset.get(keyword)
        except Exception:  # noqa: BLE001 - a value that makes the parser fail is no value
            return None

    def _string(self, keyword: str) -> str:
        tag = tag_for_keyword(keyword)
        if tag is None or tag not in self._dataset:
            return ""
        try:
            element: Any = self._dataset.get_item(tag)
            value = element.value
        except Exception:  # noqa: BLE001 - as above
            return ""
        if isinstance(element, RawDataElement) and isinstance(value, bytes):
            return decoded(value[:_RAW_LIMIT], self._charsets)
        return _joined(value)


def _joined(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)) or type(value).__name__ == "MultiValue":
        return "\\".join(str(part) for part in value)
    return str(value)
