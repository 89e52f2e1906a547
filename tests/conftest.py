"""What all tests share."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.errors import InvalidArgument

# How long an example takes says something of the machine, nothing of the library.
settings.register_profile("steady", deadline=None)
try:
    settings.get_profile("mutation")  # the mutation run has a profile of its own
except InvalidArgument:
    settings.load_profile("steady")
