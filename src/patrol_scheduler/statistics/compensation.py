"""Compensatory rest: what was owed, earned and taken, and what is overdue."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from patrol_scheduler.problem import Problem
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import CompensatoryRests, rules_of
from patrol_scheduler.rules.compensation import account_of
from patrol_scheduler.statistics.frames import Row, frame


def compensatory_rest(problem: Problem, roster: Roster) -> pd.DataFrame:
    """The account of everybody whom the rule ``compensatory-rest`` concerns, in days.

    One row per officer: ``carried`` from before the plan, ``earned`` by duty on days off, ``taken``
    as working days off, ``owed`` = carried + earned - taken, and of these ``overdue`` on the last
    day: earned longer than the rule's days ago.
    """
    rows: list[Row] = []
    for rule in rules_of(problem):
        if not isinstance(rule, CompensatoryRests):
            continue
        for officer in rule.who(problem):
            account = account_of(problem, roster, officer)
            debts = [*account.owed, *account.earned]
            last = problem.last - dt.timedelta(days=rule.days)
            due = sum(1 for earned in debts if earned <= last)
            rows.append(
                {
                    "agency": officer.agency,
                    "officer": officer.id,
                    "carried": len(account.owed),
                    "earned": len(account.earned),
                    "taken": len(account.rests),
                    "owed": len(debts) - len(account.rests),
                    "overdue": max(0, due - len(account.rests)),
                }
            )
    counts = dict.fromkeys(("carried", "earned", "taken", "owed", "overdue"), "count")
    return frame(rows, {"agency": "text", "officer": "text", **counts})
