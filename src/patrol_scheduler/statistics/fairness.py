"""How the duties are shared out between officers."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median

import pandas as pd

from patrol_scheduler.checking import Check, check
from patrol_scheduler.problem import Officer, Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import Effort, Level, rules_of
from patrol_scheduler.rules.sharing import SharingRule
from patrol_scheduler.statistics.frames import (
    TOTAL,
    By,
    Row,
    frame,
    period_cell,
    period_column,
    period_of,
    periods,
    ratio,
)
from patrol_scheduler.statistics.measures import gini, jain, leximax, variation
from patrol_scheduler.statistics.splits import Split, periodic, splits


def scopes(problem: Problem) -> Iterator[tuple[str, list[Officer]]]:
    """Each agency with its officers, then everybody under ``TOTAL``."""
    for agency, officers in problem.officers_of.items():
        yield agency, list(officers)
    yield TOTAL, list(problem.officers)


def officer_duties(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """The plain table: what everybody has, and what would be everybody's share in the agency.

    One row per officer in each of the five ways of looking (``over``): all days; rest days
    (Saturdays, Sundays and other days off that are no statutory holiday); statutory holidays;
    nights: shifts with any minute between 22:00 and 06:00; leader duties: turns in the role
    ``leader`` or ``leader-driver``, shared between the officers who may lead.

    ``available_days`` a_s: days of that kind on which the officer is available; ``before`` b_s:
    what counts from before the plan; ``duties`` x_s; ``target`` t_s = a_s / sum a x sum (b + x) -
    b_s over the agency (for the first four the target of the rule ``fair-share``); ``deviation``
    x_s - t_s; ``relative`` y_s = (b_s + x_s) / (b_s + t_s), missing where that is nothing;
    ``outside``: more than one duty from the target. On patrol and at posts alike, in duties.
    With ``by`` per rostered phase or month, the targets made of that period alone.
    """
    rows: list[Row] = []
    for period, split in periodic(problem, roster, by):
        for agency, officers in problem.officers_of.items():
            targets = split.targets(list(officers))
            for officer in officers:
                duties, target = len(split.turns[officer.id]), targets[officer.id]
                before = split.before[officer.id]
                rows.append(
                    period
                    | {
                        "over": split.over,
                        "agency": agency,
                        "officer": officer.id,
                        "available_days": split.available[officer.id],
                        "before": float(before),
                        "duties": duties,
                        "target": float(target),
                        "deviation": float(duties - target),
                        "relative": _relative(duties, target, before),
                        "outside": abs(duties - target) > 1,
                    }
                )
    return frame(
        rows,
        period_column(by)
        | {
            "over": "text",
            "agency": "text",
            "officer": "text",
            "available_days": "count",
            "before": "number",
            "duties": "count",
            "target": "number",
            "deviation": "number",
            "relative": "number",
            "outside": "flag",
        },
    )


def _relative(duties: int, target: Fraction, before: Fraction) -> float | None:
    """The load over its target, what was before on both sides; missing where nothing is owed."""
    return float((duties + before) / (target + before)) if target + before > 0 else None


def duty_fairness(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How equally the duties are shared, inside each agency and over all (agency ``""``).

    One row per agency and one for all in each of the five ways of looking (``over``, see
    :func:`officer_duties`). Over all, the targets share the duties between everybody regardless of
    agency. Counted are the n ``officers`` who are available on such a day or have such a duty.

    - ``least``, ``most``, ``range`` = max x - min x, in duties.
    - ``mad`` = sum |x_s - t_s| / n, in duties; ``outside``: officers with |x_s - t_s| > 1.
    - ``cv`` = sigma / mu, ``gini``, ``jain`` over y_s = x_s / t_s (:mod:`.measures`), of the
      officers with t_s > 0; missing where there is no duty to share, or nobody available.
      A duty of an officer whose target is 0 counts in the other measures only.
    - ``leximax``: the loads x_s from the largest to the smallest.

    Show :func:`officer_duties` first, and never compare these numbers between different plans.
    With ``by`` per rostered phase or month.
    """
    rows: list[Row] = []
    for period, split in periodic(problem, roster, by):
        for agency, officers in scopes(problem):
            rows.append(
                period
                | {"over": split.over, "agency": agency}
                | dict(_fairness_row(split, officers))
            )
    return frame(
        rows,
        period_column(by)
        | {
            "over": "text",
            "agency": "text",
            "officers": "count",
            "duties": "count",
            "least": "count",
            "most": "count",
            "range": "count",
            "mad": "number",
            "outside": "count",
            "cv": "number",
            "gini": "number",
            "jain": "number",
            "leximax": "list",
        },
    )


def _fairness_row(split: Split, officers: Sequence[Officer]) -> Row:
    counted = [o for o in officers if split.available[o.id] or split.turns[o.id]]
    targets = split.targets(counted)
    loads = {officer.id: len(split.turns[officer.id]) for officer in counted}
    away = [abs(loads[name] - target) for name, target in targets.items()]
    relative = [
        (loads[name] + split.before[name]) / (target + split.before[name])
        for name, target in targets.items()
        if target + split.before[name] > 0
    ]
    least, most = min(loads.values(), default=0), max(loads.values(), default=0)
    return {
        "officers": len(counted),
        "duties": sum(loads.values()),
        "least": least,
        "most": most,
        "range": most - least,
        "mad": ratio(float(sum(away, Fraction(0))), len(counted)),
        "outside": sum(1 for distance in away if distance > 1),
        "cv": variation(relative),
        "gini": gini(relative),
        "jain": jain(relative),
        "leximax": leximax(list(loads.values())),
    }


def fair_shares(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """What each rule about fair shares finds, officer by officer, and what is carried on.

    One row for every rule of the plan that shares something out and every officer it looks at:
    ``rule``, ``over``, ``measure`` (``duties``, ``burden`` or ``leader-days``). ``before`` b_s:
    what the officer brings (balances and duties since ``fair_since``); ``load`` x_s: what the
    roster gives, burden as sum over duties of the shift's burden times the day's factor;
    ``target`` t_s = share_s sum (b + x) - b_s; ``balance`` = x_s - t_s: what is carried on to the
    next plan, above 0 for whoever did more. ``cost``: what the rule charges.

    With ``by`` per rostered phase or month as a statement of account: ``before`` is what the
    officer has had when the period begins; target, balance and cost are as of its end, with the
    shares of the whole plan. The last period ends with the balances of the whole.
    """
    spans = periods(problem, by)
    lasts = [day for first, last in spans.values() for day in (first - dt.timedelta(days=1), last)]
    rows: list[Row] = []
    for rule in rules_of(problem):
        if not isinstance(rule, SharingRule):
            continue
        for _, accounts in rule.loads_until(problem, roster, lasts):
            for n, period in enumerate(spans):
                rows += [
                    period_cell(by, period)
                    | {
                        "rule": rule.rule,
                        "over": rule.covers(),
                        "measure": rule.measure,
                        "agency": problem.officer_by_id[one.officer].agency,
                        "officer": one.officer,
                        "before": float(eve.load),
                        "load": float(one.load - eve.load),
                        "target": float(one.target - eve.load),
                        "balance": float(one.away),
                        "cost": float(one.cost),
                    }
                    for eve, one in zip(accounts[2 * n], accounts[2 * n + 1], strict=True)
                ]
    return frame(
        rows,
        period_column(by)
        | dict.fromkeys(("rule", "over", "measure", "agency", "officer"), "text")
        | dict.fromkeys(("before", "load", "target", "balance", "cost"), "number"),
    )


def officer_spacing(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many days lie between one officer's duties: the shortest and the median distance.

    One row per officer, per agency (officer ``""``) and over all (agency ``""``) in each of the
    five ways of looking. Distances are differences of consecutive duty dates in days, at least 1;
    several duties on one date count once. Over all days the last duty before the plan counts, too.
    ``spacings``: how many distances; ``least_spacing``, ``median_spacing``: missing without any.
    With ``by`` per rostered phase or month, to which a distance belongs that ends in it.
    """
    rows: list[Row] = []
    whole = {split.over: split for split in splits(problem, roster)}
    for period, part in periodic(problem, roster, by):
        split = whole[part.over]
        spacings = {o.id: _spacings(problem, split, part, o) for o in problem.officers}
        for agency, officers in scopes(problem):
            members = [o.id for o in officers] if agency != TOTAL else []
            together = [spacing for officer in officers for spacing in spacings[officer.id]]
            for officer, found in [*((m, spacings[m]) for m in members), (TOTAL, together)]:
                rows.append(
                    period
                    | {
                        "over": split.over,
                        "agency": agency,
                        "officer": officer,
                        "spacings": len(found),
                        "least_spacing": min(found, default=None),
                        "median_spacing": float(median(found)) if found else None,
                    }
                )
    return frame(
        rows,
        period_column(by)
        | {
            "over": "text",
            "agency": "text",
            "officer": "text",
            "spacings": "count",
            "least_spacing": "count",
            "median_spacing": "number",
        },
    )


def _spacings(problem: Problem, split: Split, part: Split, officer: Officer) -> list[int]:
    """The distances between the duties of a split that end in a part of it."""
    ends = {problem.day(date) for date in part.turns[officer.id]}
    days = {problem.day(date) for date in split.turns[officer.id]}
    if split.over == "all-days":
        past = [problem.day(h.date) for h in problem.history if h.officer == officer.id]
        days |= set(sorted(past)[-1:])
    return [after - before for before, after in pairwise(sorted(days)) if after in ends]


def officer_costs(
    problem: Problem, roster: Roster, by: By | None = None, *, found: Check | None = None
) -> pd.DataFrame:
    """What the roster costs each officer, by the check: sum over the rules of v_sc w_c.

    One row per officer. ``broken``: findings about the officer that no roster may have;
    ``fairness`` and ``wishes``: the cost of the findings that name the officer on these levels;
    ``cost``: both together. The rule ``effort`` prices duties as such and is left out. ``found``
    is the roster's check, if it is at hand. With ``by`` per rostered phase or month, of the
    findings with a date in it: what is found about the whole plan, as shares are, is in no period.
    """
    broken: Counter[tuple[str, str]] = Counter()
    costs: defaultdict[tuple[str, str, Level], Fraction] = defaultdict(Fraction)
    for finding in (found or check(problem, roster)).findings:
        violation = finding.violation
        if violation.officer is None or isinstance(finding.rule, Effort):
            continue
        if by is None:
            period: str | None = TOTAL
        else:
            period = period_of(problem, violation.date, by) if violation.date else None
        if period is not None:
            broken[period, violation.officer] += violation.level is Level.MUST
            costs[period, violation.officer, violation.level] += violation.cost
    rows: list[Row] = []
    for period in periods(problem, by):
        for officer in problem.officers:
            fairness = costs[period, officer.id, Level.FAIRNESS]
            wishes = costs[period, officer.id, Level.WISHES]
            rows.append(
                period_cell(by, period)
                | {
                    "agency": officer.agency,
                    "officer": officer.id,
                    "broken": broken[period, officer.id],
                    "fairness": float(fairness),
                    "wishes": float(wishes),
                    "cost": float(fairness + wishes),
                }
            )
    return frame(
        rows,
        period_column(by)
        | {
            "agency": "text",
            "officer": "text",
            "broken": "count",
            "fairness": "number",
            "wishes": "number",
            "cost": "number",
        },
    )


def worst_off(
    problem: Problem, roster: Roster, by: By | None = None, *, found: Check | None = None
) -> pd.DataFrame:
    """The officer whom the roster costs most, in each agency and over all (agency ``""``).

    ``cost`` = max_s sum_c v_sc w_c, the weighted violations of :func:`officer_costs` (Smet et al.
    2012). Of several the first in the plan's order; agencies without officers have no row.
    With ``by`` per rostered phase or month.
    """
    costs = officer_costs(problem, roster, by, found=found)
    names = costs[by] if by else [TOTAL] * len(costs)
    cost = dict(zip(zip(names, costs["officer"], strict=True), costs["cost"], strict=True))
    rows: list[Row] = []
    for period in periods(problem, by):
        for agency, officers in scopes(problem):
            most = max((cost[period, officer.id] for officer in officers), default=None)
            worst = next((o.id for o in officers if cost[period, o.id] == most), None)
            if worst is not None:
                rows.append(
                    period_cell(by, period) | {"agency": agency, "officer": worst, "cost": most}
                )
    columns = {"agency": "text", "officer": "text", "cost": "number"}
    return frame(rows, period_column(by) | columns)
