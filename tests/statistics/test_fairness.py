from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from patrol_scheduler.checking import check
from patrol_scheduler.problem import (
    Agency,
    Area,
    Balance,
    Leave,
    Officer,
    PastDuty,
    Phase,
    Request,
    Shift,
    Team,
)
from patrol_scheduler.roster import Roster
from patrol_scheduler.rules import FairShare, Level
from patrol_scheduler.statistics import (
    OVER,
    duty_fairness,
    fair_shares,
    gini,
    jain,
    leximax,
    officer_costs,
    officer_duties,
    officer_spacing,
    partner_diversity,
    rows,
    variation,
    worst_off,
)

from .plans import date, plan, roster, row

loads = some.lists(some.integers(0, 30), min_size=1, max_size=12)


def test_gini_and_jain_of_one_two_three() -> None:
    """Gini: pairs differ by 1, 2, 1, each twice: 8 / (2 * 9 * 2) = 2/9. Jain: 36 / (3 * 14) = 6/7.
    Variation: sigma = sqrt(2/3), mu = 2."""
    assert gini([1, 2, 3]) == pytest.approx(2 / 9)
    assert jain([3, 1, 2]) == pytest.approx(6 / 7)
    assert variation([2, 1, 3]) == pytest.approx((2 / 3) ** 0.5 / 2)
    assert leximax([1, 3, 2]) == [3, 2, 1]


@given(loads)
def test_gini_is_the_mean_difference_over_twice_the_mean(values: list[int]) -> None:
    n, total = len(values), sum(values)
    found = gini(values)
    if not total:
        assert (found, jain(values), variation(values)) == (None, None, None)
        return
    double = sum(abs(a - b) for a in values for b in values)
    assert found == pytest.approx(float(Fraction(double, 2 * n * total)))
    assert found is not None
    assert 0 <= found <= (n - 1) / n + 1e-12
    assert (found == 0) == (len(set(values)) == 1)


@given(loads.filter(any))
def test_jain_is_one_when_and_only_when_all_are_equal(values: list[int]) -> None:
    """Jain = 1 / (1 + cv^2), from 1/n where one does all."""
    found, cv = jain(values), variation(values)
    assert found is not None
    assert cv is not None
    assert found == pytest.approx(1 / (1 + cv * cv))
    assert 1 / len(values) - 1e-12 <= found <= 1
    assert (found == 1) == (len(set(values)) == 1) == (cv == 0)
    assert jain([0] * (len(values) - 1) + [7]) == pytest.approx(1 / len(values))


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("06:00", "22:00", False),
        ("06:00", "22:01", True),
        ("05:59", "08:00", True),
        ("21:00", "22:00", False),
        ("22:00", "06:00", True),
        ("23:00", "23:30", True),
        ("20:00", "07:00", True),
        ("00:00", "01:00", True),
        ("08:00", "08:00", True),
        ("18:00", "24:00", True),
    ],
)
def test_a_night_shift_has_a_minute_between_22_and_6(start: str, end: str, wanted: bool) -> None:
    assert Shift(id="s", start=start, end=end).at_night is wanted


def leave(start: str, end: str) -> tuple[Leave, ...]:
    return (Leave(start=date(start), end=date(end)),)


def test_targets_follow_availability() -> None:
    """2 to 11 August, ten days. P1 is free on all ten, P2 on five: of six duties 4 and 2 are due.

    P1 has 5 (1 above), P2 has 1 (1 below): y = 5/4 and 1/2. Gini: 2 * 3/4 / (2 * 4 * 7/8) = 3/14.
    Jain: (7/4)^2 / (2 * (25/16 + 4/16)) = 49/58.
    """
    problem = plan(
        "08-02",
        "08-11",
        officers=(
            Officer(id="P1", agency="police"),
            Officer(id="P2", agency="police", leave=leave("08-07", "08-11")),
        ),
    )
    made = roster(
        problem, *(f"08-{d:02d} town day P1" for d in (2, 4, 6, 8, 10)), "08-03 gate day P2"
    )
    table = officer_duties(problem, made)
    one = row(table, over="all-days", officer="P1")
    two = row(table, over="all-days", officer="P2")
    assert (one["available_days"], one["duties"], one["target"]) == (10, 5, 4.0)
    assert (one["deviation"], one["relative"], one["outside"]) == (1.0, 1.25, False)
    assert (two["available_days"], two["duties"], two["target"]) == (5, 1, 2.0)
    assert (two["deviation"], two["relative"], two["outside"]) == (-1.0, 0.5, False)
    found = row(duty_fairness(problem, made), over="all-days", agency="police")
    assert (found["officers"], found["duties"], found["least"], found["most"]) == (2, 6, 1, 5)
    assert (found["range"], found["mad"], found["outside"]) == (4, 1.0, 0)
    assert found["gini"] == pytest.approx(3 / 14, abs=1e-6)
    assert found["jain"] == pytest.approx(49 / 58, abs=1e-6)
    assert found["cv"] == pytest.approx(3 / 7, abs=1e-6)
    assert found["leximax"] == [5, 1]


def test_what_was_before_counts_on_both_sides() -> None:
    """Two in July and a balance of one make P1 bring three; of three new duties P1 owes none.

    Everything together is six duties, three each: P1's target in the plan is 3 - 3, P2's 3 - 0.
    """
    problem = plan(
        history=(
            PastDuty(date=date("07-20"), shift="day", officer="P1"),
            PastDuty(date=date("07-30"), shift="night", officer="P1"),
            PastDuty(date=date("07-10"), shift="day", officer="P2"),
        ),
        fair_since=date("07-15"),
        balances=(Balance(officer="P1", carried=1),),
    )
    made = roster(problem, "08-02 town day P1 C1", "08-04 town day P2 C1", "08-05 gate day P2")
    table = officer_duties(problem, made)
    one = row(table, over="all-days", officer="P1")
    two = row(table, over="all-days", officer="P2")
    assert (one["before"], one["duties"], one["target"], one["deviation"]) == (3.0, 1, 0.0, 1.0)
    assert (two["before"], two["duties"], two["target"], two["deviation"]) == (0.0, 2, 3.0, -1.0)
    assert (one["relative"], two["relative"]) == (pytest.approx(4 / 3), pytest.approx(2 / 3))
    by_month = row(officer_duties(problem, made, "month"), over="all-days", officer="P1")
    assert (by_month["before"], by_month["target"]) == (0.0, 1.5)
    shared = fair_shares(problem, made)
    mine = row(shared, rule="fair-share", over="all-days", officer="P1")
    assert (mine["before"], mine["load"], mine["target"], mine["balance"]) == (3.0, 1.0, 0.0, 1.0)
    assert (mine["measure"], mine["agency"], mine["cost"]) == ("duties", "police", 2.0)
    nights = row(shared, rule="fair-share", over="nights", officer="P1")
    assert (nights["before"], nights["load"], nights["balance"]) == (1.0, 0.0, 0.5)


def test_burden_is_shared_in_units_of_the_shift_times_the_day() -> None:
    """Sunday 1 August: a night of 2.5 counts 5; Tuesday's day duty counts 1; of 6 each owes 3."""
    problem = plan(
        shifts=(
            Shift(id="day", start="08:00", end="12:00"),
            Shift(id="night", start="20:00", end="23:00", burden=2.5),
        )
    )
    made = roster(problem, "08-01 town night P1 C1", "08-03 town day P2 C2")
    one = row(fair_shares(problem, made), rule="burden-share", officer="P1")
    two = row(fair_shares(problem, made), rule="burden-share", officer="P2")
    assert (one["load"], one["target"], one["balance"], one["cost"]) == (5.0, 3.0, 2.0, 2.0)
    assert (two["load"], two["target"], two["balance"], two["cost"]) == (1.0, 3.0, -2.0, 2.0)
    assert not (fair_shares(plan(), made)["rule"] == "burden-share").any()


@settings(max_examples=40, deadline=None)
@given(some.randoms(use_true_random=False))
def test_balances_carried_on_are_as_fair_as_the_whole_history(random: Random) -> None:
    """August with July's balances charges what it charges with July's duties counted in."""
    august = plan()
    july = plan("07-22", "07-31", fair_since=None)
    officers = [officer.id for officer in july.officers]
    lines = [f"07-{day} town day {random.choice(officers)}" for day in (22, 24, 27, 30)]
    worked = roster(july, *lines)
    carried = tuple(
        Balance(officer=str(r["officer"]), carried=float(str(r["balance"])), over=r["over"])
        for r in rows(fair_shares(july, worked))
        if r["rule"] == "fair-share"
    )
    past = tuple(PastDuty(date=d.date, shift=d.shift, officer=d.officer) for d in worked.duties)
    made = roster(august, *(f"08-{day:02} town day {random.choice(officers)}" for day in (1, 4, 6)))
    rule = FairShare(over="all-days")
    costs = [
        [(load.officer, load.away) for _, loads in rule.loads(other, made) for load in loads]
        for other in (
            plan(balances=carried),
            plan(history=past, fair_since=date("07-22")),
        )
    ]
    assert costs[0] == costs[1]


def test_each_kind_of_duty_is_shared_by_itself() -> None:
    """Friday 24 September 2010 is Mid-autumn's last day off, the 25th and 26th are worked in
    exchange, 1 to 7 October are holidays; Sunday 3 October is a holiday, no rest day. The only
    rest days of the plan are Saturday 18 September and 10 October; 19 September is worked."""
    problem = plan("09-18", "10-10")
    made = roster(
        problem,
        "09-18 town day P1* C1",
        "09-19 town day P1* C1",
        "09-24 town night P2* C1",
        "10-03 town day P1# C2",
        "10-10 town night P1* C2+",
    )
    table = officer_duties(problem, made)
    counts = {
        over: {
            str(r["officer"]): r["duties"] for r in rows(table) if r["over"] == over and r["duties"]
        }
        for over in OVER
    }
    assert counts == {
        "all-days": {"P1": 4, "P2": 1, "C1": 3, "C2": 2},
        "rest-days": {"P1": 2, "C1": 1, "C2": 1},
        "statutory-holidays": {"P1": 1, "P2": 1, "C1": 1, "C2": 1},
        "nights": {"P1": 1, "P2": 1, "C1": 1, "C2": 1},
        "leader-duties": {"P1": 4, "P2": 1},
    }
    assert row(table, over="rest-days", officer="P1")["available_days"] == 2
    assert row(table, over="statutory-holidays", officer="P1")["available_days"] == 10
    assert row(table, over="leader-duties", officer="C1")["available_days"] == 0


def test_over_all_everybody_shares_regardless_of_agency() -> None:
    """Three officers, six duties: P1 has 4, C1 and C2 one each. Inside the agencies all is even;
    over all the targets are 2: sum |x - t| = 2 + 1 + 1, two thirds each of 4/3."""
    problem = plan(
        officers=(
            Officer(id="P1", agency="police"),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city"),
        )
    )
    made = roster(
        problem,
        "08-01 town day P1 C1",
        "08-03 town day P1 C2",
        "08-05 town day P1",
        "08-07 town day P1",
    )
    table = duty_fairness(problem, made)
    for agency in ("police", "city"):
        found = row(table, over="all-days", agency=agency)
        assert (found["mad"], found["gini"], found["jain"]) == (0.0, 0.0, 1.0)
    total = row(table, over="all-days", agency="")
    assert total["mad"] == pytest.approx(4 / 3, abs=1e-6)
    assert (total["outside"], total["range"]) == (1, 3)
    assert total["gini"] == pytest.approx(1 / 3, abs=1e-6)


def test_without_duties_there_is_nothing_to_share() -> None:
    for found in rows(duty_fairness(plan(), Roster())):
        assert (found["duties"], found["range"], found["outside"]) == (0, 0, 0)
        assert (found["cv"], found["gini"], found["jain"]) == (None, None, None)
        assert found["mad"] in (0.0, None)
    assert row(officer_duties(plan(), Roster()), over="all-days", officer="C1")["relative"] is None


def test_whoever_is_never_available_is_left_out_unless_on_duty() -> None:
    """P2 is on leave throughout: target 0. Put on duty all the same, the duty is 1 off target."""
    problem = plan(
        officers=(
            Officer(id="P1", agency="police"),
            Officer(id="P2", agency="police", leave=leave("08-01", "08-10")),
        )
    )
    fair = row(
        duty_fairness(problem, roster(problem, "08-01 town day P1")),
        over="all-days",
        agency="police",
    )
    assert (fair["officers"], fair["range"], fair["gini"], fair["leximax"]) == (1, 0, 0.0, [1])
    made = roster(problem, "08-01 town day P1", "08-03 town day P2", "08-05 town day P2")
    found = row(duty_fairness(problem, made), over="all-days", agency="police")
    # Target of P1: all three duties; P1 is 2 off, P2 is 2 off.
    assert (found["officers"], found["mad"], found["outside"]) == (2, 2.0, 2)
    assert (found["gini"], found["least"]) == (0.0, 1)
    duties = row(officer_duties(problem, made), over="all-days", officer="P2")
    assert (duties["target"], duties["relative"], duties["deviation"]) == (0.0, None, 2.0)


def test_an_agency_without_officers_and_a_single_officer() -> None:
    problem = plan(
        agencies=(Agency(id="police"), Agency(id="none")),
        officers=(Officer(id="P1", agency="police"),),
    )
    made = roster(problem, "08-01 town day P1", "08-04 town day P1")
    table = duty_fairness(problem, made)
    alone = row(table, over="all-days", agency="police")
    assert (alone["gini"], alone["jain"], alone["cv"], alone["range"]) == (0.0, 1.0, 0.0, 0)
    nobody = row(table, over="all-days", agency="none")
    assert (nobody["officers"], nobody["mad"], nobody["leximax"]) == (0, None, [])
    pairs = row(partner_diversity(problem, made), over="all-days", agency="")
    assert (pairs["pairs"], pairs["possible_pairs"], pairs["diversity"]) == (0, 0, None)
    assert [r["agency"] for r in rows(worst_off(problem, made))] == ["police", ""]


@settings(max_examples=60, deadline=None)
@given(some.randoms(use_true_random=False))
def test_deviations_are_those_that_the_rule_prices(random: Random) -> None:
    """Distances from the targets are the amounts that the check finds by ``fair-share``."""
    problem = plan(
        "09-17",
        "10-11",
        officers=tuple(
            Officer(
                id=f"{agency}{i}",
                agency=agency,
                leave=leave("09-20", random.choice(("09-20", "10-02", "10-11"))),
            )
            for agency in ("police", "city")
            for i in range(3)
        ),
    )
    days = random.sample(range(len(problem.dates)), 8)
    made = roster(
        problem,
        *(
            f"{problem.date(day):%m-%d} town day {random.choice(problem.officers).id}"
            for day in sorted(days)
        ),
    )
    table = rows(officer_duties(problem, made))
    summary = rows(duty_fairness(problem, made))
    for rule in FairShare.defaults():
        amounts = {v.officer: v.amount for v in rule.violations(problem, made)}
        mine = [r for r in table if r["over"] == rule.over]
        assert len(mine) == 6
        for found in mine:
            wanted = float(amounts.get(str(found["officer"]), Fraction(0)))
            assert abs(found["deviation"]) == pytest.approx(wanted, abs=1e-6)
            assert found["outside"] == (wanted > 1)
        for found in summary:
            if found["over"] == rule.over and found["agency"] and found["officers"]:
                mine = [r for r in table if r["agency"] == found["agency"]]
                inside = {r["officer"] for r in mine}
                away = sum(amount for officer, amount in amounts.items() if officer in inside)
                assert found["mad"] == pytest.approx(float(away) / found["officers"], abs=1e-6)
                assert found["outside"] == sum(1 for o in inside if amounts.get(o, 0) > 1)
                assert found["range"] <= found["most"] <= found["duties"]


def test_spacing_is_counted_between_duty_dates() -> None:
    """P1: past duty on 30 July, then 1, 3, 3 (twice), 9 August: 2, 2, 6. C1: 3 to 4 August: 1."""
    problem = plan(
        history=(
            PastDuty(date=date("07-20"), shift="day", officer="P1"),
            PastDuty(date=date("07-30"), shift="day", officer="P1"),
        )
    )
    made = roster(
        problem,
        "08-01 town day P1",
        "08-03 town day P1 C1",
        "08-03 gate night P1",
        "08-04 gate night C1",
        "08-09 town night P1",
    )
    table = officer_spacing(problem, made)
    found = row(table, over="all-days", officer="P1")
    assert (found["spacings"], found["least_spacing"], found["median_spacing"]) == (3, 2, 2.0)
    assert row(table, over="all-days", officer="P2")["least_spacing"] is None
    agency = row(table, over="all-days", agency="police", officer="")
    assert (agency["spacings"], agency["least_spacing"]) == (3, 2)
    total = row(table, over="all-days", agency="", officer="")
    assert (total["spacings"], total["least_spacing"], total["median_spacing"]) == (4, 1, 2.0)
    nights = row(table, over="nights", officer="P1")
    assert (nights["spacings"], nights["least_spacing"]) == (1, 6)


def test_a_distance_belongs_to_the_month_in_which_it_ends() -> None:
    """P1 on 28 and 31 August, 2 and 3 September: 3 days in August, 2 and 1 in September."""
    problem = plan("08-28", "09-03")
    made = roster(
        problem,
        "08-28 town day P1",
        "08-31 town day P1",
        "09-02 town day P1",
        "09-03 town night P1",
    )
    table = officer_spacing(problem, made, "month")
    august = row(table, month="2010-08", over="all-days", officer="P1")
    assert (august["spacings"], august["least_spacing"]) == (1, 3)
    september = row(table, month="2010-09", over="all-days", officer="P1")
    assert (september["spacings"], september["least_spacing"]) == (2, 1)
    assert september["median_spacing"] == 1.5
    phase = row(officer_spacing(problem, made, "phase"), over="all-days", officer="P1")
    assert (phase["phase"], phase["spacings"]) == ("routine", 3)


def test_partners_are_counted_month_by_month() -> None:
    """P1 goes with C1 in August, with C2 in September: of the four pairs one in each month."""
    problem = plan("08-30", "09-03")
    made = roster(problem, "08-30 town day P1 C1", "09-01 town day P1 C2", "09-03 town day P1 C2")
    table = partner_diversity(problem, made, "month")
    august = row(table, month="2010-08", over="all-days", agency="")
    assert (august["pairs"], august["possible_pairs"], august["diversity"]) == (1, 4, 0.25)
    september = row(table, month="2010-09", over="all-days", agency="")
    assert (september["pair_second"], september["pair_times"]) == ("C2", 2)


def test_partners_are_counted_in_pairs() -> None:
    """One of police with one of city: of four possible pairs P1-C1 (twice) and P2-C1 occur."""
    problem = plan()
    made = roster(
        problem, "08-01 town day P1* C1", "08-03 town night C1 P1", "08-05 town day P2 C1*"
    )
    table = partner_diversity(problem, made)
    total = row(table, over="all-days", agency="")
    assert (total["pairs"], total["possible_pairs"], total["diversity"]) == (2, 4, 0.5)
    assert (total["pair_first"], total["pair_second"], total["pair_times"]) == ("P1", "C1", 2)
    inside = row(table, over="all-days", agency="police")
    assert (inside["pairs"], inside["possible_pairs"], inside["diversity"]) == (0, 0, None)
    nights = row(table, over="nights", agency="")
    assert (nights["pairs"], nights["pair_times"]) == (1, 1)
    # C1 may not lead: only the two pairs led by those who may count as possible, four in all.
    led = row(table, over="leader-duties", agency="")
    assert (led["pairs"], led["possible_pairs"], led["pair_times"]) == (2, 4, 1)


def test_either_of_a_pair_may_be_the_one_who_leads() -> None:
    """P1 may lead and C2 may lead: of the four pairs only P2-C1 has no leader."""
    problem = plan(
        officers=(
            Officer(id="P1", agency="police", leader=True),
            Officer(id="P2", agency="police"),
            Officer(id="C1", agency="city"),
            Officer(id="C2", agency="city", leader=True),
        )
    )
    found = row(partner_diversity(problem, Roster()), over="leader-duties", agency="")
    assert found["possible_pairs"] == 3


def test_pairs_are_possible_where_a_team_has_two_seats_for_them() -> None:
    """Two of city: C1-C2 can meet. A third of any agency: police can meet, too."""
    officers = plan().officers
    for team, inside_police, everything in (
        (Team(members={"city": 2}), 0, 1),
        (Team(members={"police": 1, "city": 1}, extra=1), 1, 6),
        (Team(members={"city": 1}, extra=1), 0, 5),
        (Team(members={}, extra=2), 1, 6),
    ):
        table = partner_diversity(plan(officers=officers, teams=(team,)), Roster())
        assert row(table, over="all-days", agency="police")["possible_pairs"] == inside_police
        assert row(table, over="all-days", agency="")["possible_pairs"] == everything


def test_a_team_of_an_area_that_is_not_patrolled_makes_no_pair_possible() -> None:
    problem = plan(
        areas=(Area(id="town"), Area(id="road")),
        phases=(Phase(id="routine", start=date("08-01"), end=date("08-10"), areas=("town",)),),
        teams=(
            Team(members={"police": 1}, areas=("town",)),
            Team(members={"police": 2}, areas=("road",)),
        ),
    )
    found = row(partner_diversity(problem, Roster()), over="all-days", agency="police")
    assert found["possible_pairs"] == 0


def test_of_pairs_equally_often_together_the_first_in_the_plan_is_named() -> None:
    problem = plan()
    made = roster(problem, "08-01 town day P2 C2", "08-03 town day P2 C1", "08-05 town day C2 P1")
    found = row(partner_diversity(problem, made), over="all-days", agency="")
    assert (found["pair_first"], found["pair_second"], found["pair_times"]) == ("P1", "C2", 1)


def test_who_is_never_available_together_is_no_possible_pair() -> None:
    problem = plan(
        officers=(
            Officer(id="P1", agency="police", leave=leave("08-01", "08-05")),
            Officer(id="C1", agency="city", leave=leave("08-06", "08-10")),
            Officer(id="C2", agency="city", leave=leave("08-01", "08-09")),
        )
    )
    found = row(partner_diversity(problem, Roster()), over="all-days", agency="")
    assert (found["possible_pairs"], found["diversity"]) == (1, 0.0)
    # A pair that meets all the same is no part of the possible ones.
    made = roster(problem, "08-01 town day P1 C1")
    found = row(partner_diversity(problem, made), over="all-days", agency="")
    assert (found["pairs"], found["diversity"]) == (1, 0.0)


def test_the_worst_off_officer_bears_the_greatest_cost() -> None:
    """All four work 1 day. P2 wished the 1st off (weight 5) and P1 worked twice, 1/2 above target:
    2 * 1/2 on all days, 3 * 1/2 on rest days (1 August is a Sunday, the 7th a Saturday)."""
    problem = plan(
        requests=(
            Request(officer="C1", start=date("08-01"), end=date("08-01"), want="off", weight=5),
        )
    )
    made = roster(problem, "08-01 town day P1 C1", "08-07 town day P1 C2")
    costs = {str(r["officer"]): r for r in rows(officer_costs(problem, made))}
    # Police: two duties, target 1 each; both are rest days: 2 * 1 + 3 * 1 for P1 and for P2.
    assert (costs["P1"]["fairness"], costs["P2"]["fairness"]) == (5.0, 5.0)
    assert (costs["C1"]["fairness"], costs["C1"]["wishes"], costs["C1"]["cost"]) == (0.0, 5.0, 5.0)
    assert costs["C2"]["cost"] == 0.0
    assert [(r["agency"], r["officer"], r["cost"]) for r in rows(worst_off(problem, made))] == [
        ("police", "P1", 5.0),
        ("city", "C1", 5.0),
        ("", "P1", 5.0),
    ]
    assert costs["P1"]["broken"] == 0
    found = check(problem, made)
    named = sum(
        f.violation.cost
        for f in found.findings
        if f.violation.officer and f.violation.rule != "effort" and f.violation.level > Level.MUST
    )
    assert sum(r["cost"] for r in costs.values()) == named


def test_what_no_roster_may_have_is_counted_not_priced() -> None:
    problem = plan(officers=(Officer(id="P1", agency="police", leave=leave("08-01", "08-01")),))
    found = row(officer_costs(problem, roster(problem, "08-01 town day P1")), officer="P1")
    assert (found["broken"], found["cost"]) == (1, 0.0)
