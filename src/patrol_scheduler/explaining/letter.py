"""The shortage letter: what is missing, why, and what would be enough, for whoever decides."""

from __future__ import annotations

from collections.abc import Sequence

from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import text


def letter(
    problem: Problem,
    lang: str,
    *,
    counted: Sequence[str],
    clash: Sequence[str],
    gaps: Sequence[str],
    remedies: Sequence[str],
) -> str:
    """A letter in the form of the office, as plain text that ends with a newline.

    Its numbers are those of the explanation: the sentences are taken from there. Its date is the
    plan's; the library reads no clock.
    """
    lines = [
        text("letter.title", lang, plan=problem.name),
        "",
        text("letter.to", lang),
        "",
        text("letter.opening", lang, plan=problem.name, start=problem.first, end=problem.last),
        "",
    ]
    part = 0
    for key, entries in (
        ("counted", counted),
        ("clash", clash),
        ("gaps", gaps),
        ("remedies", remedies),
    ):
        if not entries:
            continue
        lines.append(text("letter.part", lang, n=_numeral(part, lang), what=_what(key, lang)))
        lines += [
            text("letter.item", lang, n=n, what=entry) for n, entry in enumerate(entries, start=1)
        ]
        lines.append("")
        part += 1
    lines += [text("letter.closing" if remedies else "letter.closing-open", lang), ""]
    lines += [problem.issuer] if problem.issuer else []
    lines += [problem.issued.isoformat()] if problem.issued else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _what(key: str, lang: str) -> str:
    return text(f"letter.{key}", lang)


def _numeral(place: int, lang: str) -> str:
    return text("letter.numerals", lang).split()[place]
