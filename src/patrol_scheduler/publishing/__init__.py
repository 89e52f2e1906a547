"""Feeds as people subscribe to them: counted versions, secret addresses, nothing lost."""

from __future__ import annotations

from patrol_scheduler.outputs.icalendar import Style
from patrol_scheduler.publishing.access import revoke, rotate
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.publishing.mail import Mail, write_mail
from patrol_scheduler.publishing.publish import Publication, publish
from patrol_scheduler.publishing.push import Pushed, push

__all__ = [
    "Mail",
    "Publication",
    "PublishingError",
    "Pushed",
    "Style",
    "lint",
    "publish",
    "push",
    "revoke",
    "rotate",
    "write_mail",
]
