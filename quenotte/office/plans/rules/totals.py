"""What a plan costs, in whole cents, and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.kernel.money import format_euros, permille_of


@dataclass(frozen=True, slots=True)
class Amounts:
    """Cents of some lines; ``unpriced`` is how many of them have no fee yet.

    ``reimbursed`` and ``left`` are a help for the talk, before the complementary insurance.
    """

    fee_cents: int = 0
    base_cents: int = 0
    reimbursed_cents: int = 0
    unpriced: int = 0

    @property
    def left_cents(self) -> int:
        """What stays before the complementary insurance, never below nothing."""
        return max(0, self.fee_cents - self.reimbursed_cents)

    @property
    def fee(self) -> str:
        """The fee in words, with how many acts have none yet."""
        if not self.unpriced:
            return format_euros(self.fee_cents)
        if not self.fee_cents:
            return _("à fixer")
        words = {"fee": format_euros(self.fee_cents), "count": self.unpriced}
        return _("%(fee)s + %(count)s à fixer") % words

    @property
    def base(self) -> str:
        """The base in words."""
        return format_euros(self.base_cents)

    @property
    def left(self) -> str:
        """What stays, in words; at least that while some acts have no fee yet."""
        if not self.unpriced:
            return format_euros(self.left_cents)
        words = {"left": format_euros(self.left_cents), "count": self.unpriced}
        if not self.left_cents:
            return _("à fixer")
        return (
            ngettext(
                "au moins %(left)s, %(count)s honoraire à fixer",
                "au moins %(left)s, %(count)s honoraires à fixer",
                self.unpriced,
            )
            % words
        )

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.fee_cents + other.fee_cents,
            self.base_cents + other.base_cents,
            self.reimbursed_cents + other.reimbursed_cents,
            self.unpriced + other.unpriced,
        )


NOTHING: Final = Amounts()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines are done of those that were not refused."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        """From 0 to 100, whole."""
        return round(100 * self.done / self.of) if self.of else 0


def amounts_of(
    fee_cents: int | None, tariff_cents: int | None, quantity: int, permille: int
) -> Amounts:
    """Return the amounts of one line; an act without tariff has no base.

    Nothing is said of what is left of an act without a fee, and no more is paid than it costs.

    Units: ``permille`` is the share of the Assurance Maladie, in thousandths of the base.
    """
    base, fee = (tariff_cents or 0) * quantity, (fee_cents or 0) * quantity
    return Amounts(
        fee_cents=fee,
        base_cents=base,
        reimbursed_cents=min(fee, permille_of(base, permille)),
        unpriced=0 if fee_cents is not None else 1,
    )


def progress_of(statuses: Iterable[str]) -> Progress:
    """Return how far lines have come; what was refused or removed does not count."""
    counted = [status for status in statuses if status not in {"refused", "removed"}]
    return Progress(counted.count("done"), len(counted))


def letter(place: int) -> str:
    """Return the name of the n-th plan of a record, from 0: A, B … Z, AA."""
    first, last = divmod(place, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)
