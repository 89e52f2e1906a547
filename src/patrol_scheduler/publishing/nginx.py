"""A configuration for nginx that shows the published feeds and nothing else."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from patrol_scheduler.faults import neutral
from patrol_scheduler.publishing.errors import PublishingError
from patrol_scheduler.publishing.folder import FEED_FILE

HEADERS = {
    "Cache-Control": "private, max-age=0, must-revalidate",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer with a feed says: nobody keeps it, lists it or learns its address."""

CONTENT_TYPE = "text/calendar; charset=utf-8"

LOCAL = "http://127.0.0.1:8080"
"""Where feeds are shown as long as no web address is given."""

_TEMPLATE = """\
# The feeds of patrol-scheduler, for nginx 1.18 or later. Written anew by every publication.
# Put it where nginx reads servers from, for example:
#   ln -s {path} /etc/nginx/conf.d/patrol-feeds.conf && nginx -t && nginx -s reload
limit_req_zone $binary_remote_addr zone=patrol_feeds:1m rate=10r/s;
# Whoever knows an address may read the feed: addresses do not stand in the log.
log_format patrol_feeds '$remote_addr [$time_local] $request_method $status $body_bytes_sent';
{dollar}
server {{
{listen}
    access_log /var/log/nginx/patrol-feeds.log patrol_feeds;
    # Lower levels write the addresses of missing files.
    error_log /var/log/nginx/patrol-feeds-error.log crit;
    log_not_found off;
    server_tokens off;

    location / {{
        return 404;
    }}

    location ~ "^{prefix}/(?<patrol_feed>[A-Za-z0-9_-]{{43}})/{pattern}$" {{
        limit_except GET {{
            deny all;
        }}
        limit_req zone=patrol_feeds burst=50 nodelay;
        alias "{root}/$patrol_feed/{file}";
        disable_symlinks on "from={root}";
        autoindex off;
        gzip off;
        etag on;
        types {{ }}
        default_type "{content_type}";
{headers}
    }}
}}
"""

_TLS = """\
    listen {port} ssl;
    server_name {host};
    # The certificate of this server; these are the places that certbot puts it in.
    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;"""


# A web address goes into feeds and configurations: nothing in it may have a meaning there.
_URL = re.compile(r"https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")


def check_url(url: str) -> None:
    """Raise :class:`PublishingError` for what is not the plain web address of a folder."""
    try:
        if _URL.fullmatch(url) and urlsplit(url).port != 0:
            return
    except ValueError:
        pass
    raise PublishingError("bad-url", url)


def nginx_configuration(public: Path, url: str = "") -> str:
    """The configuration that shows the folder ``public`` at the web address ``url``.

    An address with ``https`` needs a certificate, whose usual place is written; without an address
    the feeds are shown to this machine alone, at :data:`LOCAL`.
    """
    parts = urlsplit(url or LOCAL)
    host = parts.hostname or "127.0.0.1"
    told = HEADERS
    if parts.scheme == "https":
        told = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}
        listen = _TLS.format(port=parts.port or 443, host=host)
    else:
        listen = f"    listen {_listen(host, parts.port or 80)};\n    server_name {host};"
    root = str(public.absolute()).replace("\\", "\\\\").replace('"', '\\"')
    dollar = ""
    if "$" in root:
        # nginx has no way to write a dollar sign but a variable that holds one.
        root = root.replace("$", "${patrol_dollar}")
        dollar = 'geo $patrol_dollar {\n    default "$";\n}\n'
    return _TEMPLATE.format(
        path=neutral(str(public.absolute().parent / "nginx.conf")),
        dollar=dollar,
        listen=listen,
        prefix=_escaped(parts.path.rstrip("/")),
        file=FEED_FILE,
        pattern=_escaped(FEED_FILE),
        root=root,
        content_type=CONTENT_TYPE,
        headers="\n".join(
            f'        add_header {name} "{value}" always;' for name, value in told.items()
        ),
    )


def _listen(host: str, port: int) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"127.0.0.1:{port}" if host == "localhost" else str(port)
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def _escaped(path: str) -> str:
    return path.replace(".", "\\.")
