"""What is wrong with who and what a whole plan has: officers, certificates, teams, covers, size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patrol_scheduler.days import DayType, NoDayTableError
from patrol_scheduler.faults import Fault, Path, Speller, Word
from patrol_scheduler.problem import Problem, Team
from patrol_scheduler.rules import REGISTRY, Auxiliaries, Competent, Seats, rules_of
from patrol_scheduler.rules.competence import organs_of
from patrol_scheduler.validation.entries import Plan, entries, fault
from patrol_scheduler.validation.times import rostered_span

LARGEST: dict[str, int] = {
    "agencies": 1_000,
    "officers": 20_000,
    "shifts": 48,
    "phases": 200,
    "areas": 5_000,
    "posts": 5_000,
    "vehicles": 1_000,
    "violation_kinds": 1_000,
    "cadences": 1_000,
    "markets": 1_000,
    "patrol_dates": 1_000,
    "hot_days": 1_000,
    "teams": 1_000,
    "covers": 20_000,
    "requests": 200_000,
    "busy": 200_000,
    "pins": 20_000,
    "pairs": 1_000,
    "history": 200_000,
    "owed_rests": 200_000,
    "balances": 20_000,
    "days": 2_000,
    "rules": 1_000,
}
"""How many entries a list can have before the plan is taken for a mistake."""


def sizes(plan: Plan) -> Iterator[Fault]:
    """Lists of a size that no plan has; reads a problem and also a document's tables."""
    for name, most in LARGEST.items():
        count = len(entries(plan, name))
        if count > most:
            yield fault(plan, (name,), count, "too-many", most=most)


def nobody_and_nowhere(problem: Problem) -> Iterator[Fault]:
    """A plan without officers, or without any area or post."""
    if not problem.officers:
        yield fault(problem, ("officers",), None, "no-officer")
    if not problem.areas and not problem.posts:
        yield fault(problem, ("areas",), None, "no-place")


def unknown_rules(problem: Problem) -> Iterator[Fault]:
    """Rules that the package does not have, or that are not made by their own class."""
    for i, rule in enumerate(problem.rules):
        if not REGISTRY.has(rule):
            nearest = Speller().nearest(rule.rule, REGISTRY)
            path = ("rules", i, "rule")
            yield fault(
                problem, path, rule.rule, "unknown-rule", rules=tuple(REGISTRY), nearest=nearest
            )


def certificates_without_dates(problem: Problem) -> Iterator[Fault]:
    """Certificates without dates where penalties are imposed on their strength."""
    enforcing = {phase.id for phase in problem.rostered_phases if phase.mode == "enforcement"}
    teams = [team for team in problem.teams if not team.phases or enforcing & set(team.phases)]
    counted: dict[str, Word] = {}
    for team in teams if enforcing else ():
        counted |= {agency: Word("certificates") for agency, n in team.certified.items() if n}
    if enforcing and any(isinstance(rule, Competent) for rule in rules_of(problem)):
        for area in problem.areas:
            own = [team.certified for team in teams if not team.areas or area.id in team.areas]
            for organs, certified in organs_of(problem, area).items():
                if certified and any(not any(map(mine.get, organs)) for mine in own):
                    for agency in organs:
                        counted.setdefault(agency, Word("competent-agency"))
    for i, officer in enumerate(problem.officers):
        for n, one in enumerate(officer.certificates):
            if officer.agency in counted and one.valid_from is None and one.valid_to is None:
                path = ("officers", i, "certificates", n, "valid_to")
                yield fault(
                    problem, path, None, "certificate-without-dates",
                    officer=officer.id, agency=officer.agency, rule=counted[officer.agency],
                )  # fmt: skip


def certificates(problem: Problem) -> Iterator[Fault]:
    """Certificates that expire before the first rostered day and are not renewed."""
    span = rostered_span(problem)
    if span is None:
        return
    for i, officer in enumerate(problem.officers):
        ends = [certificate.valid_to for certificate in officer.certificates]
        if all(end is not None and end < span[0] for end in ends):
            for n, end in enumerate(ends):
                path = ("officers", i, "certificates", n, "valid_to")
                yield fault(
                    problem, path, end, "certificate-expired", officer=officer.id, first=span[0]
                )


def auxiliaries(problem: Problem) -> Iterator[Fault]:
    """Auxiliaries with certificates, and enforcement teams that can only be auxiliaries."""
    for i, officer in enumerate(problem.officers):
        if officer.auxiliary and officer.certificates:
            at = ("officers", i, "certificates", 0)
            number = officer.certificates[0].number
            yield fault(problem, at, number, "auxiliary-certified", officer=officer.id)
    enforcing = {p.id for p in problem.phases if p.rostered and p.mode == "enforcement"}
    ratios = [rule.per_regular for rule in rules_of(problem) if isinstance(rule, Auxiliaries)]
    if not (enforcing and ratios and problem.staff.auxiliaries):
        return
    each = min(ratios)
    regular = Counter(officer.agency for officer in problem.staff.regulars)
    others = Counter(officer.agency for officer in problem.staff.not_auxiliaries)
    for i, team in enumerate(problem.teams):
        if team.phases and not enforcing & set(team.phases):
            continue
        least = sum(max(0, n - others[agency]) for agency, n in team.members.items())
        most = sum(min(n, regular[agency]) for agency, n in team.members.items()) + team.extra
        if least > each * most:
            path = ("teams", i, "members")
            yield fault(
                problem, path, team.size, "team-without-regular",
                auxiliaries=least, regulars=most, each=each,
            )  # fmt: skip


def seats(problem: Problem) -> Iterator[Fault]:
    """Teams that do not fit into the cars of an area."""
    if not any(isinstance(rule, Seats) for rule in rules_of(problem)):
        return
    used: dict[tuple[int, str], None] = {}
    place = {id(team): i for i, team in enumerate(problem.teams)}
    try:
        for area in problem.seats.keys() & problem.area_by_id.keys():
            for phase in problem.rostered_phases:
                for shift in problem.shifts:
                    team = problem.team(area, phase.start, shift.id)
                    if team is not None and team.size > problem.seats[area]:
                        used[place[id(team)], area] = None
    except NoDayTableError:
        return  # told as such
    for i, area in sorted(used):
        size, most = problem.teams[i].size, problem.seats[area]
        path = ("teams", i, "members")
        yield fault(problem, path, size, "team-above-seats", area=area, seats=most)


def teams(problem: Problem) -> Iterator[Fault]:
    """Teams of nobody, larger than their agencies, or asking for more than they have."""
    rostered = {phase.id for phase in problem.phases if phase.rostered}
    strength = _strength(problem)
    for i, team in enumerate(problem.teams):
        if team.size == 0:
            yield fault(problem, ("teams", i, "members"), None, "team-empty")
        yield from _inside_itself(problem, i, team)
        if not team.phases or rostered & set(team.phases):
            yield from _larger_than_there_is(problem, i, team, strength)


@dataclass(frozen=True, slots=True)
class _Strength:
    """How many officers there are in all and of each agency; ``strays`` belong to none."""

    everybody: int
    strays: int
    officers: Counter[str]
    certified: Counter[str]
    leaders: int
    drivers: int
    familiar: Counter[str]


def _strength(problem: Problem) -> _Strength:
    """Who belongs to the group on any rostered day; expired certificates are told elsewhere."""
    span = rostered_span(problem)
    present = [
        officer
        for officer in problem.officers
        if span is None
        or (
            (officer.joins is None or officer.joins <= span[1])
            and (officer.departs is None or span[0] <= officer.departs)
        )
    ]
    holders = [
        officer
        for officer in present
        if any(
            span is None or certificate.valid_from is None or certificate.valid_from <= span[1]
            for certificate in officer.certificates
        )
    ]
    known = {agency.id for agency in problem.agencies}
    return _Strength(
        everybody=len(present),
        strays=sum(1 for officer in present if officer.agency not in known),
        officers=Counter(officer.agency for officer in present),
        certified=Counter(officer.agency for officer in holders),
        leaders=sum(1 for officer in present if officer.leader),
        drivers=sum(1 for officer in present if officer.driver),
        familiar=Counter(area for officer in present for area in set(officer.familiar)),
    )


def _inside_itself(problem: Problem, i: int, team: Team) -> Iterator[Fault]:
    for name in ("leaders", "drivers", "familiar_officers"):
        count = getattr(team, name)
        if count > team.size:
            yield fault(problem, ("teams", i, name), count, "more-than-team", size=team.size)
    for agency, count in team.certified.items():
        if count > team.members.get(agency, 0) + team.extra:
            room = team.members.get(agency, 0) + team.extra
            path = ("teams", i, "certified", agency)
            yield fault(problem, path, count, "more-certified-than-members", room=room)


def _larger_than_there_is(
    problem: Problem, i: int, team: Team, strength: _Strength
) -> Iterator[Fault]:
    known = {agency.id for agency in problem.agencies}
    agencies_suffice = True

    def above(path: Path, value: int, what: str, **values: object) -> Fault:
        return fault(problem, ("teams", i, *path), value, f"team-above-{what}", **values)

    # An officer of an agency that is misspelt may belong to any of them.
    for name, asked, there in (
        ("members", team.members, strength.officers),
        ("certified", team.certified, strength.certified),
    ):
        for agency, count in asked.items():
            if agency in known and count > there[agency] + strength.strays:
                agencies_suffice = False
                yield above((name, agency), count, name, agency=agency, there=there[agency])
    if agencies_suffice and team.size > strength.everybody:
        path = ("extra" if team.extra else "members",)
        yield above(path, team.size, "all", there=strength.everybody)
    for name, count, able in (
        ("leaders", team.leaders, strength.leaders),
        ("drivers", team.drivers, strength.drivers),
    ):
        if count > able:
            yield above((name,), count, name, there=able)
    for area in problem.areas:
        able = strength.familiar[area.id]
        if (not team.areas or area.id in team.areas) and team.familiar_officers > able:
            path = ("familiar_officers",)
            yield above(path, team.familiar_officers, "familiar", area=area.id, there=able)


def teams_beyond_agencies(problem: Problem) -> Iterator[Fault]:
    """Teams with more members of an agency than it has officers, whenever they may be there.

    ``teams`` tells the same and more; this looks at so little that other faults seldom hide it.
    """
    rostered = {phase.id for phase in problem.phases if phase.rostered}
    known = {agency.id for agency in problem.agencies}
    officers = Counter(officer.agency for officer in problem.officers)
    strays = sum(count for agency, count in officers.items() if agency not in known)
    for i, team in enumerate(problem.teams):
        for agency, count in team.members.items() if rostered.issuperset(team.phases) else ():
            if agency in known and count > officers[agency] + strays:
                path = ("teams", i, "members", agency)
                told = {"agency": agency, "there": officers[agency]}
                yield fault(problem, path, count, "team-above-members", **told)


def covers(problem: Problem) -> Iterator[Fault]:
    """Covers upside down, asking for more officers than there are, or where a post is closed."""
    staffed_in = {post.id: post.shifts for post in problem.posts}
    for i, cover in enumerate(problem.covers):
        path = ("covers", i, "at_least")
        if cover.at_most is not None and cover.at_least > cover.at_most:
            yield fault(problem, path, cover.at_least, "cover-upside-down", most=cover.at_most)
        if cover.price_below is None and cover.at_least > len(problem.officers):
            there = len(problem.officers)
            yield fault(problem, path, cover.at_least, "cover-above-all", there=there)
        staffed = staffed_in.get(cover.post) or cover.shifts
        for n, shift in enumerate(cover.shifts):
            if shift not in staffed and shift in problem.shift_by_id:
                here, told = ("covers", i, "shifts", n), {"post": cover.post, "shifts": staffed}
                yield fault(problem, here, shift, "cover-closed", **told)


def leaders_on_duty(problem: Problem) -> Iterator[Fault]:
    """A post for the leader on duty that nobody may take, or that is closed when patrols are."""
    for i, post in enumerate(problem.posts):
        if post.kind != "leader-on-duty":
            continue
        if not any(officer.leader_on_duty for officer in problem.officers):
            yield fault(problem, ("posts", i, "kind"), post.kind, "no-leader-on-duty")
        if not problem.areas:
            yield fault(problem, ("posts", i, "kind"), post.kind, "leader-without-areas")


def nothing_said(problem: Problem) -> Iterator[Fault]:
    """Rostered phases with areas for which the plan gives no cadence or no team."""
    shifts = {shift.id for shift in problem.shifts}
    for i, phase in enumerate(problem.phases):
        if not phase.rostered:
            continue
        scope = set(phase.areas)
        areas = [area.id for area in problem.areas if not scope or area.id in scope]
        paced = [c for c in problem.cadences if not c.phases or phase.id in c.phases]
        if all(cadence.areas for cadence in paced):
            named = {area for cadence in paced for area in cadence.areas}
            slow = tuple(area for area in areas if area not in named)
        else:
            slow = ()
        if slow:
            yield fault(problem, ("phases", i), None, "no-cadence", areas=slow)
        here = [team for team in problem.teams if not team.phases or phase.id in team.phases]
        wanted = shifts & set(phase.shifts) if phase.shifts else shifts
        kinds: tuple[DayType | None, ...] = (None,)
        if any(team.day_types for team in here):
            kinds = tuple(DayType)
        without = {area for kind in kinds for area in _bare(here, areas, wanted, shifts, kind)}
        bare = tuple(area for area in areas if area in without)
        if bare:
            yield fault(problem, ("phases", i), None, "no-team", areas=bare)


def _bare(
    teams: Sequence[Team],
    areas: Sequence[str],
    wanted: set[str],
    shifts: set[str],
    kind: DayType | None,
) -> list[str]:
    """The areas without a team in some of the shifts on one kind of day."""
    here = [team for team in teams if not team.day_types or kind in team.day_types]
    general = [team for team in here if not team.areas]
    open_shifts = {s for s in wanted if not any(not t.shifts or s in t.shifts for t in general)}
    own: dict[str, set[str]] = {}
    for team in here:
        for area in team.areas:
            own.setdefault(area, set()).update(team.shifts or shifts)
    return [area for area in areas if open_shifts - own.get(area, set())]
