"""Solves the plan beside it with the rule beside it, without installing the rule."""

from pathlib import Path

import meeting_day

import patrol_scheduler
from patrol_scheduler.rules import register

register(meeting_day.MeetingDay)
problem = patrol_scheduler.read(Path(__file__).with_name("plan.toml"))
result = patrol_scheduler.solve(problem, time_limit=20)
if result.roster is not None:
    for finding in patrol_scheduler.check(problem, result.roster).findings:
        if finding.rule.rule == "meeting-day":
            print(finding.say(problem, "zh-CN"))
print(result.status)
