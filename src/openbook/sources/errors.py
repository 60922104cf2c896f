"""What can go wrong with a source.

::

    SourceError
      ExtractionError      the bytes cannot be turned into text
        NoTextError        they can, but there is no text in them
          ScanError        they are pictures of pages
      FetchError           the bytes cannot be had
        RefusedError       we will not fetch from there

Every message is for a person: what is wrong with which source, and what to do.
"""

from __future__ import annotations


class SourceError(Exception):
    """The root: a source that cannot be used."""


class ExtractionError(SourceError):
    """Bytes that cannot be turned into text."""


class NoTextError(ExtractionError):
    """A document without text."""


class ScanError(NoTextError):
    """A document whose pages are pictures: an engine may read them, see :mod:`.scan`."""


class FetchError(SourceError):
    """An address that gives no usable bytes."""

    def __init__(
        self, message: str, *, unreachable: bool = False, status: int = 0, retry_after: float = 0
    ) -> None:
        super().__init__(message)
        self.unreachable = unreachable
        """Whether no connection could be made at all, as without a network."""
        self.status = status
        """The HTTP status that the server answered; 0 where it answered none."""
        self.retry_after = retry_after
        """For how many seconds the server asks to be left alone; 0 where it does not say."""


class RefusedError(FetchError):
    """An address openbook does not fetch from: not http(s), or private."""
