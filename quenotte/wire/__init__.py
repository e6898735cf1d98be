"""What crosses between a practice, its machines and the provider: nothing of health.

A message is a frozen dataclass; on the wire it is an object of JSON with its ``kind`` and its
``version``. Every key is named, here or in ``kernel.posture.facts``: there is no other place to put
a patient's name into than the texts of ``texts``, which are short and of one line. ``write`` reads
back what it wrote: what may not arrive does not leave.
"""
