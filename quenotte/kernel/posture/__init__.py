"""What is known of a machine, and what follows from it: ok, bad, or unknown and why.

To be read in this order: ``facts`` (what may be known) and ``values`` (whether one is well formed);
``knowing`` (whom to believe); ``rules`` and their ``questions``; ``judging`` (verdicts);
``exemptions`` (what is borne); ``hysteresis`` (verdicts become findings); ``hours``, ``silence``;
``storms``, ``grouping`` and ``windows`` (findings become incidents); ``gravity`` (which comes
first). Nothing here asks a clock or a database, and nothing speaks to people: it gives codes.
"""
