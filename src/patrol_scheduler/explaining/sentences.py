"""A conflict told in sentences; demands that say the same of several people or days as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from patrol_scheduler.explaining.demands import ANY_DAY, Demand, Demands
from patrol_scheduler.problem import Pin
from patrol_scheduler.rules import Columns, Pairs, PinnedPatrols, Pins, TeamRule
from patrol_scheduler.rules.base import place_label
from patrol_scheduler.rules.columns import Number
from patrol_scheduler.texts import catalogue, text
from patrol_scheduler.texts.labels import label, plain

MINUTES = 60
IN_MINUTES = ("hours-at-most", "hours-at-least", "overtime")
"""Rules whose limits count minutes, of which people are told hours."""


@dataclass(slots=True)
class _Line:
    """Demands told in one sentence."""

    demand: Demand
    pin: Pin | None
    officers: dict[str, None] = field(default_factory=dict)
    areas: dict[str, None] = field(default_factory=dict)
    shifts: dict[str, None] = field(default_factory=dict)
    days: set[tuple[int, int]] = field(default_factory=set)


def conflict_sentences(demands: Demands, conflict: Sequence[Demand], lang: str) -> list[str]:
    """The demands of a conflict as sentences with dates and names, in the order of the rules."""
    teller = _Teller(demands, lang)
    order = {id(rule): n for n, rule in enumerate(demands.rules)}
    lines: dict[object, _Line] = {}
    for demand in sorted(conflict, key=lambda d: (order.get(id(d.rule), 0), d.first, d.last)):
        subject = demand.subject
        # Officers who are asked the same on the same days, then days that ask the same of them.
        pin = teller.pin(demand)
        officers = teller.pair(demand) or ((subject.officer,) if subject.officer else ())
        asked = (teller.number(demand), teller.before(demand), teller.pair(demand))
        what: tuple[object, ...] = (id(demand.rule), teller.kind(demand), asked, subject.agency)
        if pin is not None:
            # That there is a patrol, and who is in it, are two demands of one pin.
            what = (pin.kind, pin.area, pin.shift, None)
        key = (*what, subject.post, subject.shift if subject.officer is None else None,
               demand.first, demand.last, teller.agency_of(subject.officer))  # fmt: skip
        line = lines.setdefault(key, _Line(demand, pin))
        line.officers |= dict.fromkeys(officers)
        if subject.area:
            line.areas[subject.area] = None
        if subject.shift:
            line.shifts[subject.shift] = None
        line.days.add((demand.first, demand.last))
    # What is asked of the same people or areas in several shifts is told once.
    together: dict[tuple[object, ...], _Line] = {}
    for key_, line in lines.items():
        assert isinstance(key_, tuple)  # noqa: S101  # as made above
        same = (*key_[:5], None, *key_[6:], tuple(line.officers), tuple(line.areas))
        together.setdefault(same, line).shifts |= line.shifts
    merged: dict[object, _Line] = {}
    for key_, line in together.items():
        within = line.demand.within_a_day
        whom = (*key_[:5], tuple(line.shifts), tuple(line.officers), tuple(line.areas))
        same = (*whom, None if within else key_[6:8])
        merged.setdefault(same, line).days |= line.days
    return [teller.say(line) for line in merged.values()]


def several(people: int, lang: str) -> str:
    """How many people are named, to stand behind their names; nothing behind a single one."""
    return text("explain.several", lang, n=people) if people > 1 else ""


class _Teller:
    def __init__(self, demands: Demands, lang: str) -> None:
        self._problem, self._demands, self._lang = demands.problem, demands, lang
        self._agencies = {agency.id: agency.name for agency in self._problem.agencies}

    def agency_of(self, officer: str | None) -> str:
        """The agency of an officer, if it is about one."""
        return self._problem.officer_by_id[officer].agency if officer else ""

    def kind(self, demand: Demand) -> str:
        """The key of the sentence."""
        limit = demand.limits[0] if demand.limits else None
        side = "least" if limit is not None and limit.at_least is not None else "most"
        if self.pair(demand):
            side = "together" if self._away_from(demand) else "apart"
        for key in (f"{demand.rule.rule}-{side}", demand.rule.rule):
            if f"explain.demand.{key}" in catalogue(self._lang):
                return key
        return "other"

    def pin(self, demand: Demand) -> Pin | None:
        """The pin that the demand is of, if it is of one."""
        if not isinstance(demand.rule, Pins | PinnedPatrols):
            return None
        subject, limit = demand.subject, demand.limits[0]
        # A patrol less whoever is pinned to it is at most 0, and so is whoever is kept from it.
        must = limit.at_least is not None or any(weight < 0 for _, weight in limit.terms)
        for pin in self._problem.pins:
            where = (pin.officer, pin.area, pin.post, self._problem.day(pin.date), pin.kind)
            if pin.shift in (None, subject.shift) and where == (
                subject.officer,
                subject.area,
                subject.post,
                demand.first,
                "must" if must else "forbidden",
            ):
                return pin
        return None

    def pair(self, demand: Demand) -> tuple[str, ...]:
        """The two officers whom a rule on pairs asks something of."""
        if not isinstance(demand.rule, Pairs):
            return ()
        return tuple(sorted(officer for officer, _ in self._members(demand)))

    def _away_from(self, demand: Demand) -> bool:
        """Whether one officer counts against the other: neither goes without the other."""
        return any(weight < 0 for _, weight in self._members(demand))

    def _members(self, demand: Demand) -> list[tuple[str, Number]]:
        """The officers whom a team's demand counts in the patrol, each with the weight."""
        names = self._demands.columns.names
        return [(str(names[c][1]), w) for c, w in demand.limits[0].terms if names[c][0] == "member"]

    def before(self, demand: Demand) -> str:
        """How much of what is allowed was used up before the plan, or nothing."""
        limit = demand.limits[0] if demand.limits else None
        if limit is None or limit.at_most is None or demand.team:
            return ""
        used = sum((w for c, w in limit.terms if c == Columns.YES), 0)
        return plain(Fraction(used) / self._unit(demand)) if used > 0 else ""

    @staticmethod
    def _unit(demand: Demand) -> int:
        """How many of what its limits count make one of what people count."""
        return MINUTES if demand.rule.rule in IN_MINUTES else 1

    def number(self, demand: Demand) -> str:
        """How many the demand asks for or allows."""
        if not demand.limits:
            return "1"
        limit = demand.limits[0]
        bound = limit.at_least if limit.at_least is not None else limit.at_most
        bound = bound if limit.allowed is None else limit.allowed
        if isinstance(demand.rule, TeamRule):
            names = self._demands.columns.names
            asked = [w for c, w in limit.terms if names[c][0] == "patrol"]
            bound = -asked[0] if asked else bound
        return plain(Fraction(bound) / self._unit(demand)) if bound is not None else ""

    def say(self, line: _Line) -> str:
        """One sentence."""
        demand, lang, problem = line.demand, self._lang, self._problem
        subject, comma = demand.subject, text("explain.comma", lang)
        officers = comma.join(
            label(o, problem.officer_by_id[o].name) for o in sorted(line.officers)
        )
        areas, shifts = self._areas(sorted(line.areas)), self._shifts(line.shifts)
        if line.pin is not None:
            return self._pinned(line, line.pin, officers)
        every = len(line.shifts) in (0, len(problem.shifts))
        several = self._areas(getattr(demand.rule, "areas", ()))
        sentence = text(
            f"explain.demand.{self.kind(demand)}",
            lang,
            rule=demand.rule.sentence(lang).rstrip("。.;；"),
            officers=officers,
            several=self._several(line),
            areas=areas or several or text("explain.remedy.every-area", lang),
            agency=label(subject.agency, self._agencies.get(subject.agency or "", ""))
            or text("explain.any-agency", lang),
            post=place_label(self._problem, subject.post or ""),
            shift=shifts,
            in_shift="" if every else text("explain.in-shift", lang, shifts=shifts),
            dates=self._before_words(line),
            when=self._dates(line),
            n=self.number(demand),
            days=getattr(demand.rule, "days", ""),
            lender=self._lender(demand),
            before=self._shifts(getattr(demand.rule, "shifts", ())),
            after=self._shifts(getattr(demand.rule, "next_shifts", ())),
            who=officers or areas or text("explain.everybody", lang),
        )
        used = self.before(demand)
        past = text("explain.before", lang, n=used) if used else ""
        return sentence + past + self._able(demand)

    def _areas(self, ids: Iterable[str]) -> str:
        return text("explain.comma", self._lang).join(
            place_label(self._problem, area) for area in ids
        )

    def _shifts(self, ids: Iterable[str]) -> str:
        shifts = self._problem.shift_by_id
        return text("explain.comma", self._lang).join(label(s, shifts[s].name) for s in ids)

    def _lender(self, demand: Demand) -> str:
        """The agency that a demand is about, or that of its officer."""
        agency = demand.subject.agency or self.agency_of(demand.subject.officer)
        return label(agency, self._agencies.get(agency, ""))

    def _pinned(self, line: _Line, pin: Pin, officers: str) -> str:
        """Who is pinned to what, or kept from it, and when."""
        problem, lang = self._problem, self._lang
        shift = label(pin.shift, problem.shift_by_id[pin.shift].name) if pin.shift else ""
        place = "patrol" if pin.area else "post" if pin.post else "duty"
        what = text(
            f"explain.pinned.{place}",
            lang,
            area=place_label(problem, pin.area or ""),
            post=place_label(problem, pin.post or ""),
        )
        return text(
            f"explain.pinned.{pin.kind}",
            lang,
            what=what,
            officers=officers,
            several=self._several(line),
            dates=self._before_words(line),
            in_shift=text("explain.in-shift", lang, shifts=shift) if shift else "",
        )

    def _able(self, demand: Demand) -> str:
        """Who could meet a team's need at all."""
        least = demand.limits and demand.limits[0].at_least is not None
        if not (demand.team and least):
            return ""
        able = [officer for officer, _ in self._members(demand)]
        if demand.rule.rule == "composition" or len(able) > 12:
            return text("explain.able-count", self._lang, n=len(able))
        listed = text("explain.comma", self._lang).join(
            label(o, self._problem.officer_by_id[o].name) for o in able
        )
        return text("explain.able" if able else "explain.able-nobody", self._lang, who=listed)

    def _dates(self, line: _Line) -> str:
        comma = text("explain.comma", self._lang)
        if (line.demand.first, line.demand.last) == ANY_DAY:
            return text("explain.whole-plan", self._lang)
        spans: list[tuple[int, int]] = []
        for first, last in sorted(line.days):
            if spans and line.demand.within_a_day and first == spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
        return comma.join(
            self._span(self._problem.date(first), self._problem.date(last)) for first, last in spans
        )

    def _before_words(self, line: _Line) -> str:
        """The dates as words follow them."""
        words = text("explain.whole-plan", self._lang)
        dates = self._dates(line)
        return dates if dates == words else text("explain.on-dates", self._lang, dates=dates)

    def _several(self, line: _Line) -> str:
        """How many officers are named, where it is more than one."""
        return several(len(line.officers), self._lang)

    def _span(self, first: dt.date, last: dt.date) -> str:
        if first == last:
            return first.isoformat()
        return text("explain.span", self._lang, first=first, last=last)
