"""What we decline to do, as opposed to what went wrong."""


class Refusal(Exception):
    """Something declined on purpose; ``message`` is the sentence a person reads (French)."""

    message: object = ""

    def __init__(self, message: object | None = None) -> None:
        super().__init__(message if message is not None else self.message)
        if message is not None:
            self.message = message

    def __str__(self) -> str:
        return str(self.message)
