"""Rosters joint patrols: decides together when each area is patrolled and who goes."""
