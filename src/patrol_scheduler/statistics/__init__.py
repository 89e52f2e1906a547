"""The statistics of a roster: pandas frames, each with its formula, and documents made of them.

Every function reads the plan and its roster only. A new statistic is a function that returns a
frame, its name in ``TABLES``, its labels in the texts and its entry in docs/statistics.md.
"""

from __future__ import annotations

from patrol_scheduler.statistics.admissible import admissible_patrol_days
from patrol_scheduler.statistics.breakdown import DIMENSIONS, breakdown
from patrol_scheduler.statistics.burden import area_burden
from patrol_scheduler.statistics.cadence import area_cadence
from patrol_scheduler.statistics.change import change_summary, duty_changes, execution
from patrol_scheduler.statistics.compensation import compensatory_rest
from patrol_scheduler.statistics.competence import (
    auxiliary_exposure,
    certificate_horizon,
    kind_competence,
)
from patrol_scheduler.statistics.coverage import (
    agency_participation,
    area_share,
    backup_coverage,
    day_type_coverage,
    shift_coverage,
    weekday_shift_coverage,
)
from patrol_scheduler.statistics.fairness import (
    duty_fairness,
    fair_shares,
    officer_costs,
    officer_duties,
    officer_spacing,
    worst_off,
)
from patrol_scheduler.statistics.findings import findings
from patrol_scheduler.statistics.frames import TOTAL, By
from patrol_scheduler.statistics.gaps import intervals
from patrol_scheduler.statistics.measures import gini, jain, leximax, variation
from patrol_scheduler.statistics.occasions import leader_on_duty, leader_turns, market_coverage
from patrol_scheduler.statistics.partners import partner_diversity
from patrol_scheduler.statistics.predictability import predictability
from patrol_scheduler.statistics.readings import cadence_density, cadence_readings
from patrol_scheduler.statistics.registry import (
    TABLES,
    heading,
    is_share,
    readable,
    readable_rows,
    sentences,
    split_of,
    tables,
)
from patrol_scheduler.statistics.report import (
    document,
    headline,
    headline_sentences,
    rows,
    sentences_of,
    solver_record,
)
from patrol_scheduler.statistics.robustness import spare_depth, staffing
from patrol_scheduler.statistics.splits import OVER, Over
from patrol_scheduler.statistics.strength import (
    patrol_strength,
    post_strength,
    shift_strength,
    unsound_patrols,
)
from patrol_scheduler.statistics.working_time import labour_breaches, officer_hours

__all__ = [
    "DIMENSIONS",
    "OVER",
    "TABLES",
    "TOTAL",
    "By",
    "Over",
    "admissible_patrol_days",
    "agency_participation",
    "area_burden",
    "area_cadence",
    "area_share",
    "auxiliary_exposure",
    "backup_coverage",
    "breakdown",
    "cadence_density",
    "cadence_readings",
    "certificate_horizon",
    "change_summary",
    "compensatory_rest",
    "day_type_coverage",
    "document",
    "duty_changes",
    "duty_fairness",
    "execution",
    "fair_shares",
    "findings",
    "gini",
    "heading",
    "headline",
    "headline_sentences",
    "intervals",
    "is_share",
    "jain",
    "kind_competence",
    "labour_breaches",
    "leader_on_duty",
    "leader_turns",
    "leximax",
    "market_coverage",
    "officer_costs",
    "officer_duties",
    "officer_hours",
    "officer_spacing",
    "partner_diversity",
    "patrol_strength",
    "post_strength",
    "predictability",
    "readable",
    "readable_rows",
    "rows",
    "sentences",
    "sentences_of",
    "shift_coverage",
    "shift_strength",
    "solver_record",
    "spare_depth",
    "split_of",
    "staffing",
    "tables",
    "unsound_patrols",
    "variation",
    "weekday_shift_coverage",
    "worst_off",
]
