"""What the command's exit statuses mean."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, for scripts that call it."""

    COMPLETE = 0
    """Done; where there is a roster, nothing in it is short."""
    SHORT = 1
    """There is a usable roster with seats unfilled or days overdue; after ``publish``, some events
    did not reach the CalDAV server."""
    INVALID = 2
    """The input or an option is wrong, or the output cannot be written; nothing was written."""
    IMPOSSIBLE = 3
    """No roster keeps what must hold; for ``check``, ``stats`` and ``publish``: this roster does
    not; ``publish`` has published nothing then."""
    UNKNOWN = 4
    """No roster was found in the time given, and none was shown impossible."""
    UNEXPECTED = 70
    """A fault of this program."""
    ABORTED = 130
    """Ended by a second Ctrl-C, before anything was written."""
