"""The shortage letter: what is missing, why, and what would be enough, for whoever decides."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from patrol_scheduler.checking import Finding
from patrol_scheduler.explaining.gap_summary import gap_summary
from patrol_scheduler.explaining.remedies import Remedy
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.texts import text
from patrol_scheduler.texts.labels import label, plain

ISO = re.compile(r"( ?)(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])( ?)")
"""A date in a sentence, with the spaces around it."""


def letter(
    problem: Problem,
    lang: str,
    *,
    shown: bool,
    agencies: Sequence[str],
    counted: Sequence[str],
    more: str,
    clash: Sequence[str],
    gaps: Sequence[Finding],
    people: Sequence[str],
    remedies: Sequence[str],
) -> str:
    """A letter in the form of the office, as plain text that ends with a newline.

    Its numbers are those of the explanation: the sentences are taken from there. The gaps are told
    in sum, and one by one in an annex. ``more`` stands below what counting shows. ``shown`` tells
    whether the plan was shown to be impossible; ``agencies`` are those to whom it is addressed, as
    :func:`asked` tells; ``people`` is what :func:`relief` says. Its date is
    the plan's; the library reads no clock.
    """
    names = {agency.id: agency.name for agency in problem.agencies}
    addressed = text("explain.comma", lang).join(label(a, names.get(a, "")) for a in agencies)
    lines = [
        text("letter.title", lang, plan=problem.name),
        "",
        text("letter.to", lang, agencies=addressed) if addressed else text("letter.to-whom", lang),
        "",
        text(
            "letter.opening" if shown else "letter.opening-open",
            lang,
            plan=problem.name,
            start=_date(problem.first, lang),
            end=_date(problem.last, lang),
        ),
        "",
    ]
    part = 0
    for key, entries in (
        ("counted", counted),
        ("clash", clash),
        ("gaps", gap_summary(problem, gaps, lang)),
        ("people", people),
        ("remedies", remedies),
    ):
        if not entries:
            continue
        lines.append(text("letter.part", lang, n=_numeral(part, lang), what=_what(key, lang)))
        lines += _listed(entries, lang)
        if key == "counted" and more:
            lines.append(text("letter.more", lang, what=more))
        if key == "gaps":
            lines.append(
                text("letter.more", lang, what=text("letter.see-annex", lang, n=len(gaps)))
            )
        lines.append("")
        part += 1
    lines += [text("letter.closing" if remedies else "letter.closing-open", lang), ""]
    lines += [text("letter.annex-told", lang), ""] if gaps else []
    lines += [problem.issuer] if problem.issuer else []
    lines += [_date(problem.issued, lang)] if problem.issued else []
    if gaps:
        lines += ["", text("letter.annex", lang), "", text("letter.annex-title", lang)]
        lines += _listed([gap.say(problem, lang) for gap in gaps], lang)
    return "\n".join(lines).rstrip("\n") + "\n"


def asked(problem: Problem, lacking: Sequence[str], remedies: Sequence[Remedy]) -> tuple[str, ...]:
    """The agencies that a letter is addressed to: those that lack people, and all that could help.

    Whoever a remedy asks for something is one of them: for officers, for lending, for people to
    put off leave or to be trained.
    """
    found = dict.fromkeys(lacking)
    for remedy in remedies:
        for part in remedy.parts:
            people = [problem.officer_by_id[officer].agency for officer in part.people]
            found |= dict.fromkeys([*([part.agency] if part.agency else []), *people])
    return tuple(agency.id for agency in problem.agencies if agency.id in found)


def relief(problem: Problem, roster: Roster, lang: str) -> list[str]:
    """How many people the patrols of a roster need of each agency that has fewer, or nobody there.

    A roster with gaps may have fewer patrols than the plan asks for, so that it proves that people
    are missing, but not that there are enough. The numbers are those of the statistics,
    :func:`patrol_scheduler.statistics.staffing`.
    """
    # Imported where it is needed: it loads pandas, which an explanation does not need.
    from patrol_scheduler.statistics.robustness import staffing

    names = {agency.id: agency.name for agency in problem.agencies}
    found = []
    for row in staffing(problem, roster).to_dict("records"):
        if not row["required_hours"]:
            continue
        values = {
            "agency": label(row["agency"], names.get(row["agency"], "")),
            "officers": row["officers"],
        }
        if not row["officer_hours"]:
            found.append(text("letter.relief-nobody", lang, **values))
            continue
        if row["shortage"]:
            found.append(
                text(
                    "letter.relief-short",
                    lang,
                    **values,
                    factor=plain(round(float(row["relief_factor"]), 2)),
                    needed=int(row["needed_officers"]),
                    short=int(row["shortage"]),
                )
            )
    return found


def _date(date: dt.date, lang: str) -> str:
    month = text(f"outputs.month.{date.month}", lang)
    return text("outputs.date.long", lang, year=date.year, month=month, day=date.day)


def _listed(entries: Sequence[str], lang: str) -> list[str]:
    return [
        text("letter.item", lang, n=n, what=_dated(entry, lang))
        for n, entry in enumerate(entries, start=1)
    ]


def _dated(sentence: str, lang: str) -> str:
    """A sentence with its dates as letters write them."""

    def written(found: re.Match[str]) -> str:
        before, iso, after = found.groups()
        try:
            date = _date(dt.date.fromisoformat(iso), lang)
        except ValueError:  # a name that only looks like a date
            return found[0]
        # A date in Chinese letters stands without spaces around it.
        return f"{before}{date}{after}" if date.isascii() else date

    return ISO.sub(written, sentence)


def _what(key: str, lang: str) -> str:
    return text(f"letter.{key}", lang)


def _numeral(place: int, lang: str) -> str:
    return text("letter.numerals", lang).split()[place]
