"""``quenotte phoenix``: a practice back on a blank machine, from a copy and a sheet of paper."""
