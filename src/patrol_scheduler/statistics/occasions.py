"""Days that ask for a patrol or a leader: market days, and the leader on duty of each day."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pandas as pd

from patrol_scheduler.days import DayType, Market, NoDayTableError
from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules.leading import leader_posts
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


def market_coverage(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """How many market days have a patrol where and when the market is held.

    One row per market and one for all (market ``""``); with ``by`` per rostered phase or month.
    ``market_days``: days of the market on which one of its areas may be patrolled in one of its
    shifts (without shifts: in any); ``patrolled_days``: those with such a patrol; ``coverage`` =
    |M n P| / |M|. In the row for all, a day with several markets counts for each.
    """
    done = {(patrol.area, patrol.date, patrol.shift) for patrol in roster.patrols}
    counts: Counter[tuple[str, str, str]] = Counter()
    for market in problem.markets:
        for date in problem.dates:
            period = period_of(problem, date, by)
            if period is None or not market.held_on(date):
                continue
            seats = _seats(problem, market, date)
            if seats:
                patrolled = any(seat in done for seat in seats)
                for name in (market.id, TOTAL):
                    counts[period, name, "days"] += 1
                    counts[period, name, "patrolled"] += patrolled
    rows: list[Row] = [
        period_cell(by, period)
        | {
            "market": name,
            "market_days": counts[period, name, "days"],
            "patrolled_days": counts[period, name, "patrolled"],
            "coverage": ratio(counts[period, name, "patrolled"], counts[period, name, "days"]),
        }
        for period in periods(problem, by)
        for name in (*(market.id for market in problem.markets), TOTAL)
    ]
    columns = {"market": "text", "market_days": "count", "patrolled_days": "count"}
    return frame(rows, period_column(by) | columns | {"coverage": "number"})


def _seats(problem: Problem, market: Market, date: dt.date) -> list[tuple[str, dt.date, str]]:
    shifts = market.shifts or tuple(shift.id for shift in problem.shifts)
    return [
        (area, date, shift)
        for area in market.areas
        for shift in shifts
        if problem.patrols_allowed(area, date, shift)
    ]


def _kind(problem: Problem, date: dt.date) -> str | None:
    try:
        return problem.day_table.day_type(date).value
    except NoDayTableError:
        return None


def leader_on_duty(problem: Problem, roster: Roster) -> pd.DataFrame:
    """On how many patrol days a leader is on duty for the whole of them.

    One row per kind of day and one for all (``""``). ``patrol_days`` of the kind; ``led_days``:
    those with an officer at a post of the kind ``leader-on-duty``; ``leader_day_rate`` = led /
    patrol days; ``leaders``: how many officers share these days. Without such a post no row.
    """
    posts = {post.id for post in leader_posts(problem)}
    patrolled = {patrol.date for patrol in roster.patrols}
    leading = {(duty.date, duty.officer) for duty in roster.post_duties if duty.post in posts}
    led = {date for date, _ in leading}
    rows: list[Row] = []
    for kind in (*(day_type.value for day_type in DayType), TOTAL) if posts else ():
        of_kind = {d for d in patrolled | led if kind == TOTAL or _kind(problem, d) == kind}
        rows.append(
            {
                "day_type": kind,
                "patrol_days": len(patrolled & of_kind),
                "led_days": len(patrolled & led & of_kind),
                "leader_day_rate": ratio(len(patrolled & led & of_kind), len(patrolled & of_kind)),
                "leaders": len({officer for date, officer in leading if date in of_kind}),
            }
        )
    columns = {"day_type": "text", "patrol_days": "count", "led_days": "count"}
    return frame(rows, columns | {"leader_day_rate": "number", "leaders": "count"})


def leader_turns(problem: Problem, roster: Roster) -> pd.DataFrame:
    """How the days of the leader on duty are shared, by kind of day.

    One row per kind of day (and all, ``""``) and officer who may be the leader on duty or has been.
    ``available_days`` a_s of the kind among the days with a leader on duty; ``turns`` x_s;
    ``target`` t_s = a_s / sum a x sum x; ``deviation`` x_s - t_s.
    """
    posts = {post.id for post in leader_posts(problem)}
    leading = {(duty.date, duty.officer) for duty in roster.post_duties if duty.post in posts}
    who = [
        o for o in problem.officers
        if posts and (o.leader_on_duty or any(o.id == officer for _, officer in leading))
    ]  # fmt: skip
    rows: list[Row] = []
    for kind in (*(day_type.value for day_type in DayType), TOTAL):
        dates = {d for d, _ in leading if kind == TOTAL or _kind(problem, d) == kind}
        free = {
            o.id: sum(1 for date in dates if o.leader_on_duty and o.available_on(date)) for o in who
        }
        turns = Counter(officer for date, officer in leading if date in dates)
        for officer in who:
            target = ratio(free[officer.id] * turns.total(), sum(free.values())) or 0.0
            rows.append(
                {
                    "day_type": kind,
                    "agency": officer.agency,
                    "officer": officer.id,
                    "available_days": free[officer.id],
                    "turns": turns[officer.id],
                    "target": target,
                    "deviation": turns[officer.id] - target,
                }
            )
    columns = {"day_type": "text", "agency": "text", "officer": "text", "available_days": "count"}
    return frame(rows, columns | {"turns": "count", "target": "number", "deviation": "number"})
