"""Changes as a leader reads them: what befalls a whole patrol in one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrol_scheduler.problem import Problem
from patrol_scheduler.replanning.changes import Change, named_officer, named_shift
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.texts import text


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence about one or more changes, and what is told of people below it."""

    sentence: str
    people: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The sentence, then what is below it, set in."""
        yield self.sentence
        yield from ("  " + line for line in self.people)


def passages(changes: Iterable[Change], problem: Problem, lang: str) -> tuple[Passage, ...]:
    """The changes in sentences, in order of date.

    A patrol that moves is one, with who goes along, who no longer does and who is new; people who
    leave or join one patrol or post for one reason are one, too.
    """
    groups: dict[object, list[Change]] = {}
    changes = list(changes)
    moves = _moves(changes)
    for change in changes:
        where = change.date, change.shift, change.place
        key: object = (*where, change.out, change.into)
        if change.patrol in moves:
            key = change.patrol
        elif change.duties == 1:
            side = change.out is None
            key = (*where, change.patrol, side, change.why(problem, lang))
        groups.setdefault(key, []).append(change)
    return tuple(
        _moved(group, problem, lang) if group[0].patrol in moves else _told(group, problem, lang)
        for group in groups.values()
    )


def _moves(changes: Sequence[Change]) -> set[str]:
    """The patrols that leave one day or shift and come on another, each with all its people."""
    left: dict[str, set[tuple[dt.date, str]]] = {}
    come: dict[str, set[tuple[dt.date, str]]] = {}
    for change in changes:
        if change.patrol is not None:
            for side, officer in ((left, change.out), (come, change.into)):
                if officer is not None:
                    side.setdefault(change.patrol, set()).add((change.date, change.shift))
    return {
        patrol
        for patrol, slots in left.items()
        if len(slots) == len(come.get(patrol, ())) == 1 and slots != come[patrol]
    }


def _told(group: Sequence[Change], problem: Problem, lang: str) -> Passage:
    """One change, or people who leave or join together."""
    out = [change.out for change in group if change.out is not None]
    into = [change.into for change in group if change.into is not None]
    return Passage(group[0].say(problem, lang, out=out, into=into))


def _moved(group: Sequence[Change], problem: Problem, lang: str) -> Passage:
    """A patrol that moves, and who goes along."""
    gone = [change for change in group if change.out is not None]
    came = [change for change in group if change.into is not None]
    before, after = (dict.fromkeys(who) for who in ([c.out for c in gone], [c.into for c in came]))

    def names(officers: Iterable[str | None]) -> str:
        comma = text("explain.comma", lang)
        return comma.join(named_officer(problem, officer) for officer in officers)

    along = [officer for officer in before if officer in after]
    others = (
        ("leave", [officer for officer in before if officer not in after]),
        ("join", [officer for officer in after if officer not in before]),
    )
    known = [change for change in (*gone, *came) if change.reason != "moved"]
    why = min(known, key=lambda change: change.said is None, default=None)
    sentence = text(
        f"replan.change.moved-{'along' if along else 'alone'}",
        lang,
        place=place_label(problem, group[0].place),
        date=gone[0].date,
        shift=named_shift(problem, gone[0].shift),
        to=came[0].date,
        to_shift=named_shift(problem, came[0].shift),
        n=len(along),
        people=names(along),
    )
    because = why.why(problem, lang) if why else text("replan.reason.other", lang)
    return Passage(
        text("replan.change.because", lang, what=sentence, why=because),
        tuple(
            text(f"replan.change.moved-{what}", lang, n=len(who), people=names(who))
            for what, who in others
            if who
        ),
    )
