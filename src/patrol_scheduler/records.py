"""The frozen record that everything given and decided is made of, and its scalar types."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Record(BaseModel):
    """A frozen value with named fields; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The value with some fields changed; what was derived from the old ones is left behind."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


def _printable(value: str) -> str:
    """Refuse what no document means to say: control characters and broken code points."""
    for char in value:
        if unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\r\t":
            raise ValueError(f"contains the unprintable character U+{ord(char):04X}")
    return value


def _identifier(value: str) -> str:
    if value != value.strip() or any(char in "\n\r\t" for char in value):
        raise ValueError("starts or ends with a space, or contains a line break or tab")
    return _printable(value)


def _not_a_number(value: Any) -> Any:
    """Dates and times are written as such; a bare number is never a date."""
    if isinstance(value, (bool, int, float)):
        raise ValueError("is a number")
    if isinstance(value, dt.datetime):
        raise ValueError("has a time of day")
    return value


def _clock(value: Any) -> Any:
    """Read ``24:00`` as midnight at the end of the day."""
    value = _not_a_number(value)
    return "00:00" if value in ("24:00", "24:00:00") else value


def _whole_minutes(value: dt.time) -> dt.time:
    if value.second or value.microsecond or value.tzinfo:
        raise ValueError("is not a plain time of day in hours and minutes")
    return value


LONGEST_ID = 64

Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID), AfterValidator(_identifier)]
"""A short name that other entries refer to: 1 to 64 characters."""

MOST_OF_A_NAME = 100

PatrolName = Annotated[
    str, Field(min_length=1, max_length=MOST_OF_A_NAME), AfterValidator(_identifier)
]
"""The name of a patrol, made of its date and area: 1 to 100 characters."""


def names_a_patrol(word: str) -> bool:
    """Whether a text can be the name of a patrol."""
    try:
        return 0 < len(_identifier(word)) <= MOST_OF_A_NAME
    except ValueError:
        return False


Text = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
"""Free text for people, at most 2000 characters."""

Day = Annotated[dt.date, BeforeValidator(_not_a_number)]
"""A calendar date, written 2010-08-01."""


def _local(value: Any) -> Any:
    """A date and a time of day; a bare date or number is not both."""
    if isinstance(value, (bool, int, float)) or (
        isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    ):
        raise ValueError("is not a date with a time of day")
    if isinstance(value, str) and len(value) < len("2010-08-01T08:00"):
        raise ValueError("is not a date with a time of day")
    return value


def _without_zone(value: dt.datetime) -> dt.datetime:
    if value.tzinfo or value.microsecond:
        raise ValueError("is not a plain local date and time")
    return value


Moment = Annotated[dt.datetime, BeforeValidator(_local), AfterValidator(_without_zone)]
"""A date and time in the plan's time zone, written 2010-08-01T08:00:00, without an offset."""

Clock = Annotated[dt.time, BeforeValidator(_clock), AfterValidator(_whole_minutes)]
"""A time of day, written 08:00; 24:00 is the midnight that ends the day."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A whole number from 0."""

Positive = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A whole number from 1."""

Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
"""A whole percentage, 0 to 100."""

FullTimePercent = Annotated[int, Field(strict=True, ge=1, le=100)]
"""A part of full working time, 1 to 100 percent."""

Year = Annotated[int, Field(strict=True, ge=1901, le=2099)]
"""A calendar year, 1901 to 2099."""

Amount = (
    Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
    | Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]
)
"""A number from 0, for hours and prices."""

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
"""Degrees east of Greenwich, -180 to 180."""

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
"""Degrees north of the equator, -90 to 90."""

Signed = (
    Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
    | Annotated[float, Field(strict=True, ge=-1e6, le=1e6, allow_inf_nan=False)]
)
"""A number that may be below 0, for balances."""

Celsius = (
    Annotated[int, Field(strict=True, ge=-60, le=60)]
    | Annotated[float, Field(strict=True, ge=-60, le=60, allow_inf_nan=False)]
)
"""Degrees Celsius in the shade, -60 to 60."""

Flag = Annotated[bool, Field(strict=True)]
"""True or false."""


def dates_between(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """Every date from ``first`` to ``last``, both included."""
    for day in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(day)
