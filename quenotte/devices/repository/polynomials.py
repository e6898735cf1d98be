"""Irreducible polynomials over GF(2), as integers whose bits are the coefficients.

We never cut files by one, but stock restic does when it writes into the same repository, and
refuses a repository whose polynomial is not irreducible.
Source: restic's repository design, "Backups and Deduplication"; M. O. Rabin, "Probabilistic
algorithms in finite fields" (1980), for the test.
"""

import secrets
from typing import Final

DEGREE: Final = 53


def draw() -> int:
    """Return a random irreducible polynomial of degree 53."""
    while True:
        # About one in 26 of those with a constant term is irreducible.
        found = (1 << DEGREE) | secrets.randbits(DEGREE) | 1
        if is_irreducible(found):
            return found


def is_irreducible(polynomial: int) -> bool:
    """Tell whether no product of smaller polynomials gives this one."""
    degree = polynomial.bit_length() - 1
    if degree < 1:
        return False
    for prime in _primes_of(degree):
        if _gcd(polynomial, _frobenius(degree // prime, polynomial) ^ 2) != 1:
            return False
    return _frobenius(degree, polynomial) ^ _rest(2, polynomial) == 0


def _primes_of(number: int) -> list[int]:
    divisors = range(2, number + 1)
    return [one for one in divisors if number % one == 0 and all(one % d for d in range(2, one))]


def _frobenius(times: int, modulus: int) -> int:
    """Return x squared ``times`` times: x^(2^times) modulo a polynomial."""
    value = _rest(2, modulus)
    for _ in range(times):
        value = _rest(_square(value), modulus)
    return value


def _square(value: int) -> int:
    """Return the square: over GF(2), the bits with a zero after each."""
    return int(f"{value:b}", 4)


def _rest(value: int, modulus: int) -> int:
    length = modulus.bit_length()
    while value.bit_length() >= length:
        value ^= modulus << (value.bit_length() - length)
    return value


def _gcd(one: int, other: int) -> int:
    while other:
        one, other = other, _rest(one, other)
    return one
