"""The numbered columns that rules ask for by name, and their values in a roster."""

from __future__ import annotations

from patrol_scheduler.rules import Columns

from .worked import past, plan, roster


def test_any_of_nothing_is_never_and_any_of_one_is_this_one() -> None:
    columns = Columns(plan())
    one = columns.patrol("town", 0, "day")
    assert columns.any_of(("nothing",), []) == Columns.NO
    assert columns.any_of(("one",), [one]) == one
    assert len(columns) == 3


def test_the_history_answers_for_the_days_before_the_plan() -> None:
    problem = plan(history=past("2010-08-01 town day P1", "2010-07-31 gate night C1"))
    columns = Columns(problem)
    yes, no = Columns.YES, Columns.NO
    assert columns.names == [("no",), ("yes",)]
    assert len(columns) == 2
    assert [columns.on("P1", -1, shift) for shift in ("day", "night")] == [yes, no]
    assert [columns.on("C1", -2, "night", post) for post in (None, "gate")] == [no, yes]
    assert [columns.works("P1", day) for day in (-1, -2)] == [yes, no]
    assert [columns.in_shift("C1", -2, shift) for shift in ("day", "night")] == [no, yes]
    assert [columns.visited("town", day) for day in (-1, -2)] == [yes, no]
    assert columns.visited("road", -1) == no
    assert len(columns) == 2, "constants need no column"


def test_columns_of_day_0_and_later_are_the_planners_to_decide() -> None:
    problem = plan(history=past("2010-08-01 town day P1"))
    columns = Columns(problem)
    assert columns.visited("town", 0) > 1
    assert columns.on("P1", 0, "day") > 1
    assert columns.works("P1", 0) > 1
    assert columns.in_shift("P1", 0, "day") > 1
    assert columns.on("P1", 0, "day") == columns.on("P1", 0, "day", None)
    assert columns.names[columns.on("P1", 0, "day", "gate")] == ("on", "P1", 0, "day", "gate")
    assert columns.names[columns.patrol("town", 0, "day")] == ("patrol", "town", 0, "day")
    assert columns.names[columns.visited("town", 0)] == ("visited", "town", 0)
    assert columns.names[columns.works("P1", 0)] == ("works", "P1", 0)
    assert columns.names[columns.in_shift("P1", 0, "day")] == ("in-shift", "P1", 0, "day")
    assert columns.names[columns.member("P1", "town", 0, "day")] == (
        "member", "P1", "town", 0, "day",
    )  # fmt: skip


def test_every_column_has_the_value_that_the_roster_gives_it() -> None:
    problem = plan()
    columns = Columns(problem)
    asked = {
        columns.patrol("town", 1, "day"): 1,
        columns.patrol("town", 1, "night"): 0,
        columns.member("P1", "town", 1, "day"): 1,
        columns.member("P1", "road", 1, "day"): 0,
        columns.on("P1", 1, "day"): 1,
        columns.on("P1", 1, "day", "gate"): 0,
        columns.on("C1", 1, "night", "gate"): 1,
        columns.visited("town", 1): 1,
        columns.visited("town", 2): 0,
        columns.works("P1", 1): 1,
        columns.works("C1", 1): 1,
        columns.works("C2", 1): 0,
        columns.in_shift("C1", 1, "night"): 1,
        columns.in_shift("C1", 1, "day"): 0,
    }
    load = [(columns.on(officer, 1, "day"), 2) for officer in ("P1", "P2")]
    asked[columns.sum_of(("twice",), load)] = 4
    made = roster(problem, "2010-08-03 town day P1 P2", "2010-08-03 gate night C1")
    values = columns.values(made)
    assert values[:2] == [0, 1]
    assert {column: values[column] for column in asked} == asked


def test_columns_are_carried_over_into_another_numbering() -> None:
    """With all that they follow from, which is numbered before them there, too."""
    problem = plan()
    here, there = Columns(problem), Columns(problem)
    there.patrol("road", 5, "night")  # so that numbers differ
    works = there.works("P1", 1)
    twice = there.sum_of(("twice",), [(works, 2), (there.on("P2", 1, "day"), 2)])
    assert [here.like(there, column) for column in (Columns.NO, Columns.YES)] == [0, 1]
    found = here.like(there, twice)
    assert here.names[2:] == [
        ("on", "P1", 1, "day", None),
        ("on", "P1", 1, "day", "gate"),
        ("on", "P1", 1, "night", None),
        ("on", "P1", 1, "night", "gate"),
        ("works", "P1", 1),
        ("on", "P2", 1, "day", None),
        ("twice",),
    ]
    assert found == here.sum_of(("twice",), []) == 8
    assert here.any_parts == {6: (2, 3, 4, 5)}
    assert here.sum_parts == {8: ((6, 2), (7, 2))}
    made = roster(problem, "2010-08-03 town day P2", "2010-08-03 gate night P1")
    assert here.values(made)[found] == 4


def test_a_past_patrol_is_a_turn_where_the_plan_itself_has_no_area() -> None:
    problem = plan(areas=(), cadences=(), history=past("2010-08-01 town day P1"))
    columns = Columns(problem)
    turns = [shift for shift, turn in columns.turns("P1", -1) if turn == Columns.YES]
    assert turns == ["day"]


def test_a_column_of_one_part_is_that_part() -> None:
    columns = Columns(plan(shifts=plan().shifts[:1]))
    assert columns.visited("town", 0) == columns.patrol("town", 0, "day")


def test_a_plan_without_areas_has_no_patrol_duty() -> None:
    columns = Columns(plan(areas=(), cadences=()))
    assert columns.places == ("gate",)
    assert columns.turns("P1", 0) == [
        (shift, columns.on("P1", 0, shift, "gate")) for shift in ("day", "night")
    ]
    assert Columns(plan()).places == (None, "gate")
