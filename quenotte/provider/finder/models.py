"""The words of a fleet: thousands of machines say the same few thousand phrases."""

from django.db import models


class Phrase(models.Model):
    """Something that machines say of themselves, once for all of them.

    Privacy: technical facts of machines, from the closed list of keys; a machine's name may hold a
    person's; legal basis: contract; forgotten when no machine says it; erasable.
    """

    key = models.CharField(max_length=40)
    shown = models.CharField(max_length=160)
    # Small letters, no accents, a blank before each word: what is searched.
    compared = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "shown"], name="phrase_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.shown}"


class Mention(models.Model):
    """That a machine says a phrase, by one of its sources.

    Privacy: technical facts of a machine; legal basis: contract; kept as long as it says so;
    erasable.
    """

    phrase = models.ForeignKey(Phrase, on_delete=models.CASCADE, related_name="mentions")
    machine = models.ForeignKey("provider.Machine", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phrase", "machine", "source"], name="mention_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.phrase_id}"


class Indexed(models.Model):
    """What of a machine's words was written down: the same again, and nothing is done.

    Privacy: no personal data; kept as long as the machine; erasable.
    """

    machine = models.OneToOneField(
        "provider.Machine", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    digest = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return str(self.machine_id)
