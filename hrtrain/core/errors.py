"""What the product says when it will not do what was asked."""


class Refusal(Exception):
    """A fault of the request: a sentence that names what stands in the way, and where.

    Views show it with ``status``; commands print it on stderr and exit 1. Nothing was changed.
    """

    status = 422

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class Stale(Refusal):
    """Somebody else changed the object since the form was opened (409)."""

    status = 409


class TooManyTries(Refusal):
    """The limit of tries is reached; it opens again by itself (429)."""

    status = 429
