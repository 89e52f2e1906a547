"""Feeds over HTTP, by nginx with the configuration that publishing writes, and by ``serve``.

Both answer the same questions the same way; each is a real server on loopback.
"""

from __future__ import annotations

import datetime as dt
import http.client
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from patrol_scheduler.publishing import PublishingError, revoke, rotate
from patrol_scheduler.publishing.folder import Folder
from patrol_scheduler.publishing.nginx import nginx_configuration
from patrol_scheduler.publishing.serve import server
from tests import parts
from tests.publishing.subscriber import Subscriber
from tests.publishing.test_publish import NOW, feed, moved, published, tokens, without_first


@dataclass
class Site:
    """A running server of a folder, and all that it has logged."""

    folder: Path
    port: int
    prefix: str
    logs: list[Path]
    lines: list[str]

    def ask(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, self.prefix + path, headers=named)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()
        finally:
            connection.close()

    def logged(self) -> str:
        return "\n".join(
            [*(path.read_text("utf-8", "replace") for path in self.logs if path.exists()),
             *self.lines]
        )  # fmt: skip


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(params=["nginx", "serve"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    # Quotation marks, spaces and dollar signs in a path must not break the configuration.
    folder = tmp_path / 'the "feeds" of $town; 镇'
    if request.param == "nginx":
        parts.need("nginx")
        yield from by_nginx(folder, tmp_path)
    else:
        published(folder)
        lines: list[str] = []
        made = server(folder, host="127.0.0.1", port=0, log=lines.append)
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Site(folder, made.server_port, "", [], lines)
        finally:
            made.shutdown()
            thread.join()
            made.server_close()


def by_nginx(folder: Path, tmp_path: Path) -> Iterator[Site]:
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        parent.chmod(0o755)
    port = free_port()
    published(folder, url=f"http://127.0.0.1:{port}/feeds")
    log, errors = tmp_path / "access.log", tmp_path / "errors.log"
    written = Folder(folder).nginx.read_text("utf-8")
    written = written.replace("/var/log/nginx/patrol-feeds.log", str(log))
    written = written.replace("/var/log/nginx/patrol-feeds-error.log", str(errors))
    (tmp_path / "site.conf").write_text(written, "utf-8")
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log {errors} crit;\n"
        f"events {{}}\nhttp {{\n{places}autoindex on;\ngzip on;\ngzip_types *;\n"
        f"include {tmp_path}/site.conf;\n}}\n"
    )
    program = parts.nginx()
    assert program is not None
    running = subprocess.Popen(  # noqa: S603
        [program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(port, running)
        yield Site(folder, port, "/feeds", [log, errors], [])
    finally:
        running.terminate()
        running.communicate(timeout=20)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    """Until the server answers; a connection that is refused is asked again."""
    for _ in range(400):
        assert running.poll() is None, running.stderr and running.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the server does not answer")


def path(folder: Path, key: str = "officer:PS01") -> str:
    return f"/{tokens(folder)[key]}/duties.ics"


def test_a_feed_is_given_with_the_headers_that_calendars_and_privacy_need(site: Site) -> None:
    status, told, body = site.ask(path(site.folder), Accept_Encoding="gzip")
    assert status == 200
    assert body == feed(site.folder, "officer:PS01")
    assert told["content-type"] == "text/calendar; charset=utf-8"
    assert told["cache-control"] == "private, max-age=0, must-revalidate"
    assert told["x-robots-tag"] == "noindex, nofollow"
    assert told["referrer-policy"] == "no-referrer"
    assert told["etag"]
    assert told["last-modified"]
    assert not {"content-disposition", "content-encoding", "set-cookie"} & told.keys()
    status, head, body = site.ask(path(site.folder), "HEAD")
    assert (status, body) == (200, b"")
    assert head["content-length"] == told["content-length"]


def test_who_has_a_feed_already_is_told_so_until_it_changes(site: Site) -> None:
    place = path(site.folder)
    _, told, _ = site.ask(place)
    assert site.ask(place, If_None_Match=told["etag"])[0] == 304
    assert site.ask(place, If_None_Match='"other"')[0] == 200
    assert site.ask(place, If_Modified_Since=told["last-modified"])[0] == 304
    assert site.ask(place, If_Modified_Since="Mon, 20 Sep 2010 00:00:00 GMT")[0] == 200
    # Published again without a change, it is still the one they have.
    published(site.folder)
    assert site.ask(place, If_None_Match=told["etag"])[0] == 304
    published(site.folder, without_first())
    status, new, body = site.ask(place, If_None_Match=told["etag"])
    assert status == 200
    assert b"STATUS:CANCELLED" in body
    assert new["last-modified"] != told["last-modified"]


@pytest.mark.parametrize("site", ["nginx"], indirect=True)
def test_a_subscriber_goes_through_publish_change_cancel_and_drop_and_loses_nothing(
    site: Site, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{site.port}{site.prefix}{path(site.folder, 'all')}"
    phone = Subscriber(tmp_path / "phone", f'type = "http"\nurl = "{url}"\n')
    assert len(phone.sync()) == 5
    published(site.folder, moved())
    seen = phone.sync()
    assert sorted(changes for _, _, changes in seen) == ["0", "0", "0", "1", "1"]
    published(site.folder, without_first())
    seen = phone.sync()
    assert len(seen) == 5
    assert ("【取消】晚班巡逻：东街片区", "CANCELLED", "2") in seen
    published(site.folder, without_first(), now=NOW + dt.timedelta(days=11))
    seen = phone.sync()
    assert len(seen) == 4
    assert not any("取消" in summary for summary, _, _ in seen)


def test_wrong_and_revoked_addresses_are_missing_alike(site: Site) -> None:
    known = path(site.folder, "all")
    revoke(site.folder, ["all"])
    wrong = "/" + "A" * 43 + "/duties.ics"
    revoked_answer, wrong_answer = site.ask(known), site.ask(wrong)
    assert revoked_answer[0] == wrong_answer[0] == 404
    assert revoked_answer[2] == wrong_answer[2]
    for told in (revoked_answer[1], wrong_answer[1]):
        told.pop("date", None)
    assert revoked_answer[1] == wrong_answer[1]


def test_a_rotated_address_is_missing_and_the_new_one_works(site: Site) -> None:
    old = path(site.folder)
    rotate(site.folder, ["officer:PS01"])
    assert site.ask(old)[0] == 404
    assert site.ask(path(site.folder))[0] == 200


def test_nothing_is_listed_and_nothing_else_is_shown(site: Site) -> None:
    token = tokens(site.folder)["all"]
    for place in (
        "/", "", f"/{token}", f"/{token}/", f"/{token}/.duties.ics.{'0' * 16}.tmp",
        "/../private/tokens.json", "/%2e%2e/private/tokens.json", "/private/tokens.json",
        f"/{token}/../../private/ledger.json", f"/{token}/%2e%2e/%2e%2e/private/ledger.json",
        "/nginx.conf", f"//{token}/duties.ics/", f"/{token}/duties.ics%00", "/" + "a" * 5000,
    ):  # fmt: skip
        status, _, body = site.ask(place)
        assert status in (400, 404, 414), place
        assert token.encode() not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    assert site.ask(path(site.folder), method)[0] in (403, 405)
    assert feed(site.folder, "officer:PS01")


def test_a_symbolic_link_in_the_public_folder_leads_nowhere(site: Site, tmp_path: Path) -> None:
    place = Folder(site.folder).feed(tokens(site.folder)["all"])
    (tmp_path / "secret").write_text("secret")
    place.unlink()
    place.symlink_to(tmp_path / "secret")
    status, _, body = site.ask(path(site.folder, "all"))
    assert status in (403, 404)
    assert b"secret" not in body
    place.unlink()
    place.parent.rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "duties.ics").write_text("secret")
    place.parent.symlink_to(tmp_path / "elsewhere")
    status, _, body = site.ask(path(site.folder, "all"))
    assert status in (403, 404)
    assert b"secret" not in body


def test_no_log_holds_an_address(site: Site) -> None:
    token = tokens(site.folder)["all"]
    place = path(site.folder, "all")
    site.ask(place)
    site.ask(place, "POST")
    revoke(site.folder, ["all"])
    for _ in range(3):
        site.ask(place)
    site.ask(place + "?x", Referer=place)
    logged = site.logged()
    assert "127.0.0.1" in logged
    assert token not in logged
    assert not re.search(r"[A-Za-z0-9_-]{43}", logged.replace(str(site.folder), ""))


def test_serving_a_folder_where_nothing_is_published_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishingError, match="nothing is published"):
        server(tmp_path / "nowhere", host="127.0.0.1", port=0, log=print)


def test_a_public_address_asks_for_encryption_and_names_its_server(tmp_path: Path) -> None:
    written = nginx_configuration(tmp_path / "public", "https://rosters.example/feeds")
    assert "listen 443 ssl;" in written
    assert "server_name rosters.example;" in written
    assert "Strict-Transport-Security" in written
    assert 'location ~ "^/feeds/' in written
    assert "listen 127.0.0.1:8080;" in nginx_configuration(tmp_path / "public")
    assert "listen [::1]:81;" in nginx_configuration(tmp_path / "public", "http://[::1]:81")


def test_the_configuration_for_a_public_address_is_accepted_by_nginx(tmp_path: Path) -> None:
    parts.need("nginx")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is missing")
    made = subprocess.run(  # noqa: S603
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=rosters.example", "-keyout", str(tmp_path / "privkey.pem"),
         "-out", str(tmp_path / "fullchain.pem")],
        check=False, capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    written = nginx_configuration(tmp_path / "public", "https://rosters.example/feeds")
    written = written.replace("/etc/letsencrypt/live/rosters.example", str(tmp_path))
    written = written.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/e.log;\nevents {{}}\nhttp {{\n{written}\n}}\n"
    )
    program = parts.nginx()
    assert program is not None
    tested = subprocess.run(  # noqa: S603
        [program, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        check=False,
        capture_output=True,
    )
    assert tested.returncode == 0, tested.stderr
