"""A rule of one's own: on the weekday of its meeting an agency sends out only a few officers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from patrol_scheduler import Problem, Roster
from patrol_scheduler.rules import Columns, Level, Limit, Rule, Texts, Violation

PRICE = 20


class MeetingDay(Rule):
    """On each ``weekday`` an agency has at most ``at_most`` officers on duty.

    ``weekday`` is 1 for Monday to 7 for Sunday. Each officer more costs 20 on the goal ``wishes``.
    """

    rule: Literal["meeting-day"] = "meeting-day"
    agency: str = ""
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    at_most: Annotated[int, Field(ge=0)] = 1

    texts: ClassVar[Texts] = {
        "zh-CN": {
            "name": "例会日",
            "sentence": "例会当天，单位只派少数人员出勤。",
            "above": "{date}：{agency}当天有例会，最多 {most} 人出勤，却安排了 {present} 人。",
        },
        "en": {
            "name": "Meeting day",
            "sentence": "On the day of its meeting an agency sends out only a few officers.",
            "above": "{date}: {agency} meets that day and sends at most {most} out, not {present}.",
        },
    }

    def limits(self, problem: Problem, columns: Columns) -> Iterator[Limit]:
        """For the solvers: how many of the agency work on a day is at most so many."""
        officers = problem.officers_of.get(self.agency, ())
        for day, date in enumerate(problem.dates):
            if date.isoweekday() == self.weekday and officers:
                terms = [(columns.works(officer.id, day), 1) for officer in officers]
                yield Limit(terms, at_most=self.at_most, level=Level.WISHES, above=PRICE)

    def violations(self, problem: Problem, roster: Roster) -> Iterator[Violation]:
        """For the check, which knows no solver: counted from the roster's own duties."""
        out: dict[object, set[str]] = {}
        for duty in roster.duties:
            if problem.officer_by_id[duty.officer].agency == self.agency:
                out.setdefault(duty.date, set()).add(duty.officer)
        for date in problem.dates:
            more = Fraction(len(out.get(date, ())) - self.at_most)
            if date.isoweekday() == self.weekday and more > 0:
                yield Violation(
                    self.rule,
                    "above",
                    Level.WISHES,
                    more,
                    more * PRICE,
                    date,
                    details=(
                        ("agency", self.agency),
                        ("most", self.at_most),
                        ("present", len(out[date])),
                    ),
                )
