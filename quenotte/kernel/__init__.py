"""Pure Python under everything: dates, names, phones, teeth, identifiers, units, errors.

No Django, no files, no network. The clock is read only where a caller gives no ``today``.
"""
