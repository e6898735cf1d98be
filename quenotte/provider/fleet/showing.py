"""Facts as technicians read them: in the words of the practices (``base.facts``)."""

from quenotte.base.facts import LABELS, SOURCES, Told, label, of_evidence, of_fact, source, value

__all__ = ["LABELS", "SOURCES", "Told", "label", "of_evidence", "of_fact", "source", "value"]
