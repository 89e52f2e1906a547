"""Who goes on patrol with whom, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from patrol_scheduler.problem import Officer, Problem, Team
from patrol_scheduler.roster import Roster
from patrol_scheduler.statistics.fairness import scopes
from patrol_scheduler.statistics.frames import By, Row, frame, period_column, ratio
from patrol_scheduler.statistics.splits import LEADING, Split, periodic

Pair = tuple[str, str]


def partner_diversity(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """Whether officers meet many partners, or the same two always go together.

    One row per agency (pairs inside it) and one for all pairs (agency ``""``) in each of the five
    ways of looking (see :func:`officer_duties`; for leader duties a pair is a leader and another
    officer of the patrol led). ``pairs``: distinct pairs in one patrol; ``possible_pairs``: pairs
    available on a common day of that kind for whom some team has two seats (for leader duties one
    of them may lead); ``diversity`` = possible pairs that occur / possible pairs, 0 to 1, missing
    without any; ``pair_first``, ``pair_second``, ``pair_times``: the pair that is most often
    together (of several the first in the plan's order) and the number of its patrols. With ``by``
    per rostered phase or month.
    """
    rows: list[Row] = []
    place = {officer.id: i for i, officer in enumerate(problem.officers)}
    for period, split in periodic(problem, roster, by):
        met = _met(roster, split, place)
        may = _Possible(problem, split)
        for agency, officers in scopes(problem):
            members = {officer.id for officer in officers}
            here = {pair: n for pair, n in met.items() if members.issuperset(pair)}
            can = may.count(officers)
            most = min(here, key=lambda p: (-here[p], place[p[0]], place[p[1]]), default=None)
            rows.append(
                period
                | {
                    "over": split.over,
                    "agency": agency,
                    "pairs": len(here),
                    "possible_pairs": can,
                    "diversity": ratio(sum(map(may.occurs, here)), can),
                    "pair_first": most[0] if most else None,
                    "pair_second": most[1] if most else None,
                    "pair_times": here[most] if most else None,
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "over": "text",
            "agency": "text",
            "pairs": "count",
            "possible_pairs": "count",
            "diversity": "number",
            "pair_first": "text",
            "pair_second": "text",
            "pair_times": "count",
        },
    )


def _met(roster: Roster, split: Split, place: dict[str, int]) -> Counter[Pair]:
    met: Counter[Pair] = Counter()
    for patrol in roster.patrols:
        if not split.has(patrol):
            continue
        leads = {member.officer for member in patrol.members if member.role in LEADING}
        ids = sorted({member.officer for member in patrol.members}, key=place.__getitem__)
        for pair in combinations(ids, 2):
            if split.over != "leader-duties" or not leads.isdisjoint(pair):
                met[pair] += 1
    return met


class _Possible:
    """Which pairs could go together: by agency, days of availability and whether one may lead.

    Most officers are alike in these, so that pairs are counted kind by kind.
    """

    def __init__(self, problem: Problem, split: Split) -> None:
        teams = _teams(problem, split)
        places = {agency.id: n for n, agency in enumerate(problem.agencies)}
        seats = np.array(
            [[any(_seats_for(t, a, b) for t in teams) for b in places] for a in places], dtype=bool
        ).reshape(len(places), len(places))
        dates = sorted(split.dates)
        kind_of = {
            o.id: (places[o.agency], tuple(map(o.available_on, dates)), o.leader)
            for o in problem.officers
        }
        kinds = {kind: n for n, kind in enumerate(dict.fromkeys(kind_of.values()))}
        self._kind = {officer: kinds[kind] for officer, kind in kind_of.items()}
        agency = np.array([place for place, *_ in kinds], dtype=int)
        # Whole numbers: on decimals the library would start threads, which cost more than they do.
        free = np.array([days for _, days, _ in kinds], dtype=int).reshape(len(kinds), len(dates))
        leads = np.array([leader for *_, leader in kinds], dtype=bool)
        self._together = seats[np.ix_(agency, agency)] & (free @ free.T > 0)
        if split.over == "leader-duties":
            self._together &= leads[:, None] | leads

    def occurs(self, pair: Pair) -> bool:
        """Whether these two could go together."""
        return bool(self._together[self._kind[pair[0]], self._kind[pair[1]]])

    def count(self, officers: Sequence[Officer]) -> int:
        """How many pairs of these could."""
        alike = np.bincount(
            [self._kind[officer.id] for officer in officers], minlength=len(self._together)
        )
        # Each pair counts twice, and everybody once with themselves.
        themselves = alike @ self._together.diagonal()
        return (int(alike @ self._together @ alike) - int(themselves)) // 2


def _teams(problem: Problem, split: Split) -> list[Team]:
    """Every team that a patrol of this kind can need, each once."""
    found: dict[int, Team] = {}
    starts = {phase.id: phase.start for phase in problem.rostered_phases}
    for date in starts.values():
        for area in problem.areas:
            for shift in split.shifts:
                team = problem.team(area.id, date, shift)
                if team is not None and problem.patrols_allowed(area.id, date, shift):
                    found[id(team)] = team
    return list(found.values())


def _seats_for(team: Team, agency: str, other: str) -> bool:
    """Whether a team has seats for one officer of each of the two agencies, or two of the one."""
    own = team.members.get(agency, 0)
    if agency == other:
        return max(0, 2 - own) <= team.extra
    return (own == 0) + (team.members.get(other, 0) == 0) <= team.extra
