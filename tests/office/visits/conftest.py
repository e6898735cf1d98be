"""The shelf of acts, as the plans have it."""

from tests.office.plans.conftest import lines, plan, shelf

__all__ = ["lines", "plan", "shelf"]
