"""Compensatory rest: what was owed, earned and taken, and what is overdue."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import CompensatoryRests, rules_of
from patrol_scheduler.rules.compensation import Account, account_of
from patrol_scheduler.statistics.frames import By, Row, frame, period_cell, period_column, periods


def compensatory_rest(problem: Problem, roster: Roster, by: By | None = None) -> pd.DataFrame:
    """The account of everybody whom the rule ``compensatory-rest`` concerns, in days.

    One row per officer: ``carried`` from before the plan, ``earned`` by duty on days off, ``taken``
    as working days off, ``owed`` = carried + earned - taken, and of these ``overdue`` on the last
    day: earned longer than the rule's days ago. With ``by`` per rostered phase or month: carried
    from before its first day, owed and overdue on its last.
    """
    rows: list[Row] = []
    for rule in rules_of(problem):
        if not isinstance(rule, CompensatoryRests):
            continue
        for officer in rule.who(problem):
            account = account_of(problem, roster, officer)
            for period, (first, last) in periods(problem, by).items():
                rows.append(
                    period_cell(by, period)
                    | {"agency": officer.agency, "officer": officer.id}
                    | dict(_statement(account, first, last, rule.days))
                )
    counts = dict.fromkeys(("carried", "earned", "taken", "owed", "overdue"), "count")
    return frame(rows, period_column(by) | {"agency": "text", "officer": "text"} | counts)


def _statement(account: Account, first: dt.date, last: dt.date, days: int) -> Row:
    """The account's movements from ``first`` to ``last``; rest is due ``days`` days after."""

    def until(dates: tuple[dt.date, ...], end: dt.date) -> int:
        return bisect_right(dates, end)

    eve, due = first - dt.timedelta(days=1), last - dt.timedelta(days=days)
    earned, taken = until(account.earned, last), until(account.rests, last)
    earlier = until(account.earned, eve) - until(account.rests, eve)
    return {
        "carried": len(account.owed) + earlier,
        "earned": earned - until(account.earned, eve),
        "taken": taken - until(account.rests, eve),
        "owed": len(account.owed) + earned - taken,
        "overdue": max(0, until(account.owed, due) + until(account.earned, due) - taken),
    }
