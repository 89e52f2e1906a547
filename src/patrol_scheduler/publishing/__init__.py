"""Feeds as people subscribe to them: counted versions, secret addresses, nothing lost."""
