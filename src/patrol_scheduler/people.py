"""Who there is: the agencies, their officers, and what is known of each officer's time."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Literal

from patrol_scheduler.records import (
    Amount,
    Count,
    Day,
    Flag,
    FullTimePercent,
    Id,
    Moment,
    Percent,
    Positive,
    Record,
    Signed,
    Text,
)


class Agency(Record):
    """An organ that sends officers to the joint patrols, such as 公安, 交警 or 城管.

    ``share`` is its part of all duties, as agreed, and ``carried`` how many duties more than its
    part it did before the plan, or fewer, with a minus; the next three say how many officers it
    lends at most: a day, duties a week, and percent of its officers at once.
    ``rest_after_home_duty`` is how many hours its officers rest after a long duty in the home unit,
    where that is not what the rule says. ``contact`` and ``phone`` are printed on what the agency
    is handed; ``remarks``, here and in every other entry of a plan, are the office's own.
    """

    id: Id
    name: Text = ""
    kind: Literal["public-security", "traffic-police", "urban-management", "township", "other"] = (
        "other"
    )
    share: Count | None = None
    carried: Signed = 0
    lends_a_day: Count | None = None
    lends_a_week: Count | None = None
    lends_percent: Percent | None = None
    rest_after_home_duty: Amount | None = None
    contact: Text = ""
    phone: Text = ""
    remarks: Text = ""


class Certificate(Record):
    """A law-enforcement certificate of an officer's own agency; both dates are inclusive."""

    number: Text = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    remarks: Text = ""

    def valid_on(self, date: dt.date) -> bool:
        """Whether the certificate is valid on ``date``."""
        return (self.valid_from is None or self.valid_from <= date) and (
            self.valid_to is None or date <= self.valid_to
        )


class Leave(Record):
    """Days on which an officer cannot be on duty; both dates are inclusive."""

    start: Day
    end: Day
    reason: Text = ""
    remarks: Text = ""


Status = Literal[
    "police", "traffic-police", "enforcement", "auxiliary-police", "assistant", "cadre"
]
"""What an officer is: 民警, 交警, 执法员, 辅警, 协管员 or 干部."""

LabourProfile = Literal["civil-servant", "contract", "none"]
"""Which rules on working time hold: those for civil servants, the Labour Law's, or neither."""


class Officer(Record):
    """A person who can be put on duty.

    ``position`` is the office held (职务), printed in the list of duties.
    ``labour`` follows from ``status`` unless it is stated: see :attr:`labour_profile`.
    ``full_time_percent`` is how much of full working time the officer gives to the patrols' rules:
    fair shares and general limits follow it. ``duties_a_week``, ``duties_a_month`` and
    ``days_between`` are the officer's own limits; without ``night_ok`` no duty may lie at night.
    ``remarks`` are the office's own: they stay in the plan and stand in no output.
    """

    id: Id
    agency: Id
    name: Text = ""
    phone: Text = ""
    position: Text = ""
    status: Status | None = None
    labour: LabourProfile | None = None
    leader: Flag = False
    leader_on_duty: Flag = False
    driver: Flag = False
    certificates: tuple[Certificate, ...] = ()
    leave: tuple[Leave, ...] = ()
    joins: Day | None = None
    departs: Day | None = None
    groups: tuple[Text, ...] = ()
    full_time_percent: FullTimePercent = 100
    duties_a_week: Count | None = None
    duties_a_month: Count | None = None
    days_between: Positive | None = None
    night_ok: Flag = True
    familiar: tuple[Id, ...] = ()
    remarks: Text = ""

    @property
    def labour_profile(self) -> LabourProfile:
        """The stated profile, or that of the status: auxiliaries and assistants work on contract.

        The Labour Law holds for staff on contract, not for civil servants and police; of an
        officer without a status nothing is known.
        """
        if self.labour is not None or self.status is None:
            return self.labour or "none"
        return "contract" if self.status in ("auxiliary-police", "assistant") else "civil-servant"

    @property
    def auxiliary(self) -> bool:
        """Whether the officer is 辅警 or 协管员, who support regular officers."""
        return self.status in ("auxiliary-police", "assistant")

    @property
    def regular(self) -> bool:
        """Whether auxiliaries may act under the officer: 民警, 交警, 执法员, or nothing stated."""
        return not self.auxiliary and self.status != "cadre"

    def certified_on(self, date: dt.date) -> bool:
        """Whether a law-enforcement certificate of this officer is valid on ``date``."""
        return any(certificate.valid_on(date) for certificate in self.certificates)

    def available_on(self, date: dt.date) -> bool:
        """Whether the officer belongs to the group on ``date`` and is not on leave."""
        known = self._available.get(date)
        if known is None:
            known = self._available[date] = (
                (self.joins is None or self.joins <= date)
                and (self.departs is None or date <= self.departs)
                and not any(leave.start <= date <= leave.end for leave in self.leave)
            )
        return known

    @cached_property
    def _available(self) -> dict[dt.date, bool]:
        return {}


BusyKind = Literal[
    "annual-leave",
    "sick-leave",
    "training",
    "official",
    "home-duty",
    "standby",
    "compensatory-rest",
    "recusal",
    "other",
]
"""Why an officer is busy; ``home-duty`` is duty in the home unit."""
LEAVE_KINDS: tuple[BusyKind, ...] = ("annual-leave", "sick-leave")
"""The kinds of busy times that are leave; which of them it is, only the plan tells."""


class Busy(Record):
    """A stretch of time in which an officer is taken up elsewhere, in the plan's time zone.

    From ``start`` up to, not including, ``end``. With ``hard`` no duty may touch it; otherwise
    each duty that does has a price. ``reason`` stands in the plan alone, and whether leave is
    sick leave: others need to know neither.
    """

    officer: Id
    start: Moment
    end: Moment
    kind: BusyKind = "other"
    reason: Text = ""
    hard: Flag = True
    remarks: Text = ""


class Request(Record):
    """An officer's wish to be on duty or free from ``start`` to ``end``, worth ``weight`` a day."""

    officer: Id
    start: Day
    end: Day
    want: Literal["on", "off"]
    shift: Id | None = None
    weight: Positive = 1
    remarks: Text = ""


Role = Literal["leader", "driver", "leader-driver", "member"]
"""What an officer does in a patrol; one officer can lead and drive."""


class PastDuty(Record):
    """A duty before the plan's first rostered day.

    ``role`` is what the officer did in the patrol; who led and drove before does so less often.
    ``source`` tells whether the duty is known to have taken place or was only planned; both count.
    """

    date: Day
    shift: Id
    officer: Id
    area: Id | None = None
    post: Id | None = None
    role: Role | None = None
    source: Literal["plan", "actual"] | None = None
    remarks: Text = ""


class OwedRest(Record):
    """A day of compensatory rest earned by a duty on ``earned``; without ``taken`` it is owed."""

    officer: Id
    earned: Day
    taken: Day | None = None
    remarks: Text = ""


class Pair(Record):
    """Two officers who must, may not, should or should not be in one patrol, with the ground.

    Who ``must-together`` goes on patrol only with the other one.
    """

    a: Id
    b: Id
    kind: Literal["must-together", "never-together", "rather-together", "rather-apart"]
    reason: Text = ""
    remarks: Text = ""


class Pin(Record):
    """What is settled beforehand of an officer on a date.

    ``must``: the officer has a duty, in ``shift``, in the patrol of ``area`` or at ``post`` where
    these are given; the area is then patrolled. ``forbidden``: has none there. ``prefer``: a wish.
    ``role`` is what the officer does in the patrol of that date.
    """

    date: Day
    officer: Id
    kind: Literal["must", "forbidden", "prefer"]
    shift: Id | None = None
    area: Id | None = None
    post: Id | None = None
    role: Role | None = None
    reason: Text = ""
    remarks: Text = ""


Over = Literal[
    "all-days",
    "working-days",
    "make-up-working-days",
    "rest-days",
    "statutory-holidays",
    "nights",
]
"""Which duties are shared out: all, those on some kind of day, or those at night."""

Measure = Literal["duties", "burden", "leader-days"]
"""What is shared out: duties, their burden, or days as leader on duty."""


class Balance(Record):
    """What an officer did more than a fair share before the plan, or less, with a minus.

    ``carried`` is in duties, units of burden or days as leader on duty, as ``measure`` says.
    """

    officer: Id
    carried: Signed
    measure: Measure = "duties"
    over: Over = "all-days"
    remarks: Text = ""
