"""The officers of a plan by what they are and may do, as rules ask for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

from patrol_scheduler.needs import Area
from patrol_scheduler.people import Officer


class Staff:
    """Groups of officers, in the plan's order; the same group is always the same tuple."""

    def __init__(
        self,
        officers: Sequence[Officer],
        by_agency: Mapping[str, tuple[Officer, ...]],
        areas: Sequence[Area],
    ) -> None:
        self._officers, self._of, self._areas = officers, by_agency, areas

    @cached_property
    def leaders(self) -> tuple[Officer, ...]:
        """The officers who can lead a patrol."""
        return tuple(officer for officer in self._officers if officer.leader)

    @cached_property
    def drivers(self) -> tuple[Officer, ...]:
        """The officers who can drive."""
        return tuple(officer for officer in self._officers if officer.driver)

    @cached_property
    def alone(self) -> dict[str, tuple[Officer, ...]]:
        """Each officer alone, by id."""
        return {officer.id: (officer,) for officer in self._officers}

    @cached_property
    def auxiliaries(self) -> tuple[Officer, ...]:
        """The officers who are auxiliaries."""
        return tuple(officer for officer in self._officers if officer.auxiliary)

    @cached_property
    def regulars(self) -> tuple[Officer, ...]:
        """The regular officers, under whom auxiliaries may act."""
        return tuple(officer for officer in self._officers if officer.regular)

    @cached_property
    def not_auxiliaries(self) -> tuple[Officer, ...]:
        """The officers who are no auxiliaries."""
        return tuple(officer for officer in self._officers if not officer.auxiliary)

    @cached_property
    def knowing(self) -> dict[str, frozenset[str]]:
        """The ids of the officers who know each area that somebody knows."""
        return {
            a: frozenset(o.id for o in known) for a, known in self.familiar_with.items() if known
        }

    @cached_property
    def familiar_with(self) -> dict[str, tuple[Officer, ...]]:
        """The officers who know each area, in the plan's order."""
        return {
            area.id: tuple(o for o in self._officers if area.id in o.familiar)
            for area in self._areas
        }

    def certified(self, agency: str, date: dt.date) -> tuple[Officer, ...]:
        """The officers of an agency whose certificate is valid on a date."""
        found = self._certified.get((agency, date))
        if found is None:
            holders = self._holders.get(agency, ())
            valid = [officer for officer in holders if officer.certified_on(date)]
            # Days with the same holders share one tuple.
            found = self._groups.setdefault(tuple(o.id for o in valid), tuple(valid))
            self._certified[agency, date] = found
        return found

    def of_any(
        self, agencies: tuple[str, ...], certified_on: dt.date | None = None
    ) -> tuple[Officer, ...]:
        """The officers of some agencies, or those with a certificate valid on a date."""
        if certified_on is not None:
            parts = [self.certified(agency, certified_on) for agency in agencies]
        else:
            parts = [self._of[agency] for agency in agencies]
        if len(parts) == 1:
            return parts[0]
        together = tuple(officer for part in parts for officer in part)
        return self._groups.setdefault(tuple(o.id for o in together), together)

    def not_of(self, agencies: tuple[str, ...]) -> tuple[Officer, ...]:
        """The officers of all other agencies."""
        return self.of_any(tuple(agency for agency in self._of if agency not in agencies))

    @cached_property
    def _groups(self) -> dict[tuple[str, ...], tuple[Officer, ...]]:
        return {}

    @cached_property
    def _holders(self) -> dict[str, tuple[Officer, ...]]:
        return {
            agency: tuple(officer for officer in officers if officer.certificates)
            for agency, officers in self._of.items()
        }

    @cached_property
    def _certified(self) -> dict[tuple[str, dt.date], tuple[Officer, ...]]:
        return {}
