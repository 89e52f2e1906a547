"""Who may read which feed: new addresses for old ones, and none for those who left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from patrol_scheduler.outputs.tables import csv_text
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.folder import Folder, Tokens, new_token
from patrol_scheduler.publishing.ledger_file import title_of, with_address


def rotate(to: str | Path, keys: Iterable[str]) -> dict[str, str]:
    """Give feeds new addresses; the old ones stop working at once.

    Gives the new address of each key. A feed that was revoked gets an address again; it is written
    by the next publication. Raises :class:`PublishingError`, with everything as it was.
    """
    return _changed(to, keys, new_token)


def revoke(to: str | Path, keys: Iterable[str]) -> tuple[str, ...]:
    """Take feeds away for good: their addresses stop working and they are no longer written.

    Gives the keys. Raises :class:`PublishingError`, with everything as it was, but for a feed that
    the system will not remove, which is named.
    """
    return tuple(_changed(to, keys, lambda: None))


def _changed(
    to: str | Path, keys: Iterable[str], token_of: Callable[[], str | None]
) -> dict[str, str]:
    """Give feeds other tokens, or none, and move or remove their files."""
    folder = Folder(Path(to))
    folder.check()
    if not folder.tokens.exists():
        raise PublishingError("nothing-published", folder.path)
    with folder.locked():
        tokens = load_tokens(folder)
        wanted = list(dict.fromkeys(keys))
        unknown = tuple(key for key in wanted if key not in tokens.of)
        if unknown:
            raise PublishingError("no-such-feed", folder.addresses, details=unknown)
        gone, moved, given = [], dict[Path, bytes](), dict[str, str]()
        for key in wanted:
            old, new = tokens.of[key], token_of()
            tokens.of[key] = new
            given[key] = tokens.address(new) if new is not None else ""
            if old is None:
                continue
            gone.append(old)
            feed = folder.read(folder.feed(old))
            if new is not None and feed is not None:
                moved[folder.feed(new)] = with_address(feed, tokens.address(old), given[key])
        titles = {
            key: title_of(folder.read(folder.feed(token)) or b"")
            for key, token in tokens.of.items()
            if token is not None and key not in wanted
        }
        titles |= {
            key: title_of(feed)
            for key, token in tokens.of.items()
            if key in wanted and token is not None
            for feed in [moved.get(folder.feed(token), b"")]
        }
        folder.commit(
            {folder.tokens: tokens.dump(), folder.addresses: addresses(tokens, titles)},
            moved,
            gone,
        )
        return given


def load_tokens(folder: Folder) -> Tokens:
    """The tokens of a folder; raises :class:`PublishingError` where they are lost or damaged."""
    kept = folder.read(folder.tokens)
    if kept is None:
        raise PublishingError("tokens-lost", folder.tokens)
    try:
        return Tokens.load(kept)
    except (ValueError, RecursionError) as error:
        raise PublishingError("tokens-damaged", folder.tokens) from error


def addresses(tokens: Tokens, titles: Mapping[str, str]) -> bytes:
    """The list of addresses that a leader hands out, as CSV: kind, id, title, address."""
    rows = []
    for key, token in tokens.of.items():
        kind, _, identifier = key.partition(":")
        address = tokens.address(token) if token is not None else ""
        rows.append((kind, identifier, titles.get(key, ""), address))
    # With a byte order mark: people open the list with a spreadsheet.
    return csv_text(("kind", "id", "title", "address"), rows).encode("utf-8-sig")
