"""Why a publication was refused; what was published before is as it was."""

from __future__ import annotations

from pathlib import Path

from patrol_scheduler.faults import neutral
from patrol_scheduler.publishing.lint import finding_text
from patrol_scheduler.texts import text


class PublishingError(Exception):
    """Nothing was published, and what was published before is unchanged.

    ``what`` names the sentence, ``path`` is the folder or file, ``details`` are further lines,
    ``findings`` the keys of feeds with what the lint found in each.
    """

    def __init__(
        self,
        what: str,
        path: str | Path = "",
        why: str = "",
        details: tuple[str, ...] = (),
        findings: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(what, path, why, details, findings)
        self.what, self.path, self.why = what, path, why
        self.details, self.findings = details, findings

    def say(self, lang: str) -> str:
        """The reason and what to do, with the details on lines of their own."""
        values = {"path": neutral(str(self.path)), "why": neutral(self.why)}
        sentence = text(f"publishing.{self.what}", lang, **values)
        found = [f"{key}: {finding_text(what, lang)}" for key, what in self.findings]
        return "\n".join([sentence, *("  " + neutral(line) for line in (*self.details, *found))])

    def __str__(self) -> str:
        return self.say("en")


def reason(error: OSError) -> str:
    """The system's own words for what went wrong."""
    return error.strerror or str(error)
