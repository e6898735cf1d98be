"""The security memento of a practice, and the file of evidence that answers it point by point.

To be read in this order: ``items`` (the six themes, as data); ``answering`` (what an item comes to,
from measures and from what a person signed); ``showing`` (which part of a fact may be told);
``dossiers`` (a frozen value) and ``canonical`` (its one way of being written); ``verifying``
(whether a chain of them is whole); ``comparing`` (what became better or worse). Nothing here asks a
clock or a database, and nothing speaks to people: it gives codes.
"""
