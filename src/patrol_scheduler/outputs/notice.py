"""The monthly notice: what a leader reports of each month, in the numbers of the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patrol_scheduler.outputs.wording import Names, join, one_line, year_month
from patrol_scheduler.problem import Problem
from patrol_scheduler.texts import text


def monthly_notice(problem: Problem, document: Mapping[str, Any], lang: str) -> str:
    """A paragraph for each month as plain text; every number is one of ``document``'s.

    Of a document with the roster that took place, the execution follows at the end.
    """
    names = Names(problem)

    def say(key: str, **values: object) -> str:
        return text(f"notice.{key}", lang, **values)

    lines = [say("title", plan=one_line(problem.name)), ""]
    tables = document["tables"]
    for total in tables["area_cadence_by_month"]:
        if total["area"]:
            continue
        month = total["month"]
        date = next(d for d in problem.dates if f"{d:%Y-%m}" == month)
        days = _of(tables["day_type_coverage_by_month"], month=month, day_type="")
        strength = _of(tables["patrol_strength_by_month"], month=month, area="")
        shifts = _of(tables["shift_coverage_by_month"], month=month, shift="")
        duties = [
            row
            for row in tables["officer_duties_by_month"]
            if row["month"] == month and row["over"] == "all-days"
        ]
        sentences = [
            say(
                "patrols",
                month=year_month(date, lang),
                patrols=strength["patrols"],
                days=days["patrolled_days"],
                of=days["days"],
            )
        ]
        if total["compliance"] is not None:
            sentences.append(say("gaps", share=_share(total["compliance"])))
        if total["overdue_days"]:
            sentences.append(say("overdue", days=total["overdue_days"]))
        if total["worst_gap"]:
            longest = [
                names.area[row["area"]]
                for row in tables["area_cadence_by_month"]
                if row["month"] == month and row["area"] and row["worst_gap"] == total["worst_gap"]
            ]
            if (
                1
                < len(longest)
                == sum(
                    1
                    for row in tables["area_cadence_by_month"]
                    if row["month"] == month and row["area"]
                )
            ):
                sentences.append(say("worst-all", days=total["worst_gap"]))
            else:
                areas = join(longest, lang)
                sentences.append(say("worst", days=total["worst_gap"], area=areas))
        if strength["fill_rate"] is not None:
            sentences.append(say("fill", share=_share(strength["fill_rate"])))
        if strength["certificate_rate"] is not None:
            sentences.append(say("certificates", share=_share(strength["certificate_rate"])))
        unsound = strength["patrols"] - strength["sound_patrols"]
        if unsound:
            share = _share(strength["composition_rate"])
            sentences.append(say("unsound", patrols=unsound, share=share))
        if shifts["outside_share"] is not None:
            sentences.append(say("outside", share=_share(shifts["outside_share"])))
        shares = [
            say("agency", agency=names.agency[row["agency"]], share=_share(row["hour_share"]))
            for row in tables["agency_participation_by_month"]
            if row["month"] == month and row["hour_share"] is not None
        ]
        if shares:
            sentences.append(say("hours", shares=join(shares, lang)))
        if duties:
            counts = [row["duties"] for row in duties if row["available_days"]]
            if counts:
                sentences.append(say("duties", least=min(counts), most=max(counts)))
        lines += [("" if lang == "zh-CN" else " ").join(sentences), ""]
    if document["actual"]:
        done = _of(document["actual"]["execution"], area="")
        lines += [
            say(
                "execution",
                planned=done["planned"],
                done=done["took_place"],
                rate=_share(done["execution_rate"]),
                on_time=_share(done["on_time_rate"]),
            ),
            "",
        ]
    return "\n".join(lines)


def _of(rows: list[dict[str, Any]], **values: object) -> dict[str, Any]:
    return next(row for row in rows if all(row[k] == v for k, v in values.items()))


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"
