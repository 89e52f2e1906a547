"""Pushing into a CalDAV server: Radicale and vdirsyncer for what must work, a fake for what fails.

Radicale is started on loopback; vdirsyncer is the subscriber who keeps a copy.
"""

from __future__ import annotations

import datetime as dt
import http.server
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from patrol_scheduler.outputs.icalendar import Style
from patrol_scheduler.publishing import Publication, PublishingError, Pushed, push
from patrol_scheduler.publishing.lint import lint
from patrol_scheduler.texts import LANGUAGES
from tests.outputs import sample
from tests.publishing.subscriber import Subscriber
from tests.publishing.test_publish import NOW, moved, published, without_first
from tests.publishing.test_serve import free_port

STYLE = Style("zh-CN")


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Radicale with the user ``office``."""
    folder = tmp_path_factory.mktemp("radicale")
    port = free_port()
    (folder / "users").write_text("office:secret\n")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[rights]\ntype = owner_only\n[storage]\nfilesystem_folder = {folder}/kept\n"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "ignore", "-m", "radicale", "--config", str(folder / "config")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            for _ in range(1500):
                assert running.poll() is None
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                except OSError:
                    time.sleep(0.02)
                else:
                    break
            yield f"http://127.0.0.1:{port}/office"
        finally:
            running.terminate()


def pushed(done: Publication, url: str, **more: str) -> Pushed:
    given = {"user": "office", "password": "secret", **more}
    return push(done.ledger, sample.problem(), STYLE, url, **given)


def counts(result: Pushed) -> tuple[int, int, int, int]:
    return (result.sent, result.same, result.removed, len(result.failures))


def test_a_subscriber_goes_through_publish_change_cancel_and_drop_and_loses_nothing(
    radicale: str, tmp_path: Path
) -> None:
    url = f"{radicale}/whole/"
    done = published(tmp_path / "pub")
    assert counts(pushed(done, url)) == (5, 0, 0, 0)
    assert counts(pushed(done, url)) == (0, 5, 0, 0)
    storage = f'type = "caldav"\nurl = "{url}"\nusername = "office"\npassword = "secret"\n'
    subscriber = Subscriber(tmp_path / "phone", storage)
    seen = subscriber.sync()
    assert len(seen) == 5
    assert {(state, changes) for _, state, changes in seen} == {("CONFIRMED", "0")}
    assert subscriber.sync() == seen

    done = published(tmp_path / "pub", moved())
    assert counts(pushed(done, url)) == (2, 3, 0, 0)
    assert counts(pushed(done, url)) == (0, 5, 0, 0)
    seen = subscriber.sync()
    assert sorted(changes for _, _, changes in seen) == ["0", "0", "0", "1", "1"]

    done = published(tmp_path / "pub", without_first())
    assert counts(pushed(done, url)) == (2, 3, 0, 0)
    seen = subscriber.sync()
    assert len(seen) == 5
    assert ("【取消】晚班巡逻：东街片区", "CANCELLED", "2") in seen

    done = published(tmp_path / "pub", without_first(), now=NOW + dt.timedelta(days=11))
    assert counts(pushed(done, url)) == (0, 4, 1, 0)
    assert counts(pushed(done, url)) == (0, 4, 0, 0)
    seen = subscriber.sync()
    assert len(seen) == 4
    assert not any("取消" in summary for summary, _, _ in seen)


def test_wicked_names_arrive_whole_and_are_not_sent_again(radicale: str, tmp_path: Path) -> None:
    problem = sample.renamed(sample.WICKED)
    done = published(tmp_path, problem=problem)
    url = f"{radicale}/wicked/"
    given: dict[str, Any] = {"user": "office", "password": "secret"}
    assert push(done.ledger, problem, STYLE, url, **given).sent == 5
    assert counts(push(done.ledger, problem, STYLE, url, **given)) == (0, 5, 0, 0)


def test_one_officers_feed_has_a_collection_of_its_own(radicale: str, tmp_path: Path) -> None:
    done = published(tmp_path)
    assert pushed(done, f"{radicale}/ps01/", feed="officer:PS01").sent == 2
    with pytest.raises(PublishingError, match="do not exist"):
        pushed(done, f"{radicale}/ps02/", feed="officer:nobody")


def test_a_wrong_password_is_refused_and_said(radicale: str, tmp_path: Path) -> None:
    done = published(tmp_path)
    with pytest.raises(PublishingError) as caught:
        pushed(done, f"{radicale}/none/", password="wrong")  # noqa: S106
    assert caught.value.what == "caldav-refused"


def test_a_collection_with_events_of_others_is_left_alone(radicale: str, tmp_path: Path) -> None:
    from caldav.davclient import DAVClient

    done = published(tmp_path)
    url = f"{radicale}/shared/"
    assert pushed(done, url).sent == 5
    with DAVClient(url=url, username="office", password="secret", auth_type="basic") as client:  # noqa: S106
        client.put(
            url + "birthday.ics",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@others\r\n"
            "DTSTAMP:20100101T000000Z\r\nDTSTART:20100101T000000Z\r\nSUMMARY:x\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n",
            {"Content-Type": "text/calendar"},
        )
    with pytest.raises(PublishingError) as caught:
        pushed(published(tmp_path, without_first()), url)
    assert caught.value.what == "caldav-foreign"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("ftp://x/y/", "bad-caldav-url"),
        ("https://user:secret@cloud.example/x/", "bad-caldav-url"),
        ("https:///x/", "bad-caldav-url"),
        ("http://x:y/", "bad-caldav-url"),
        ("http://cloud.example/x/", "caldav-unencrypted"),
    ],
)
def test_an_address_that_no_password_should_go_to_is_refused(
    tmp_path: Path, url: str, what: str
) -> None:
    done = published(tmp_path)
    with pytest.raises(PublishingError) as caught:
        pushed(done, url)
    assert caught.value.what == what
    for lang in LANGUAGES:
        assert "secret" not in caught.value.say(lang)


# Servers that fail


class Faulty(http.server.BaseHTTPRequestHandler):
    """A collection in memory that answers some of the requests with a fault."""

    kept: ClassVar[dict[str, bytes]] = {}
    fault: ClassVar[int] = 0
    at: ClassVar[set[int]] = set()
    asked: ClassVar[int] = 0
    protocol_version = "HTTP/1.1"

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.end_headers()
        self.wfile.write(body)

    def _faulty(self) -> bool:
        """Whether this request meets the fault; a fault of 0 is a line that goes dead."""
        cls = type(self)
        cls.asked += 1
        if cls.asked not in cls.at:
            return False
        if cls.fault == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._answer(cls.fault)
        return True

    def do_REPORT(self) -> None:
        self._body()
        rows = "".join(
            f"<response><href>{path}</href><propstat><prop><getetag>1</getetag>"
            f"<C:calendar-data>{data.decode()}</C:calendar-data></prop>"
            "<status>HTTP/1.1 200 OK</status></propstat></response>"
            for path, data in self.kept.items()
        )
        self._answer(
            207,
            '<?xml version="1.0"?><multistatus xmlns="DAV:" '
            f'xmlns:C="urn:ietf:params:xml:ns:caldav">{rows}</multistatus>'.encode(),
        )

    def do_PUT(self) -> None:
        body = self._body()
        assert lint(body, method=None) == ()
        if not self._faulty():
            self.kept[self.path] = body
            self._answer(201)

    def do_DELETE(self) -> None:
        self._body()
        if not self._faulty():
            self.kept.pop(self.path, None)
            self._answer(204)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def faulty() -> Iterator[tuple[type[Faulty], str]]:
    handler = type("Handler", (Faulty,), {"kept": {}, "at": set(), "asked": 0})
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield handler, f"http://127.0.0.1:{made.server_port}/duties/"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


@pytest.mark.parametrize("status", [401, 403, 409, 412, 500, 507])
def test_what_the_server_refuses_is_said_for_each_event_and_sent_by_the_next_push(
    faulty: tuple[type[Faulty], str], tmp_path: Path, status: int
) -> None:
    server, url = faulty
    done = published(tmp_path)
    server.fault, server.at = status, {2, 4}
    first = pushed(done, url, user="", password="")
    assert counts(first) == (3, 0, 0, 2)
    assert {failure.title for failure in first.failures} <= {
        "夜班巡逻：西街片区", "早班巡逻：西街片区", "早班值守：镇口卡点",
        "早班巡逻：东街片区", "晚班巡逻：东街片区",
    }  # fmt: skip
    assert all(failure.why and failure.starts for failure in first.failures)
    server.at = set()
    assert counts(pushed(done, url, user="", password="")) == (2, 3, 0, 0)
    assert counts(pushed(done, url, user="", password="")) == (0, 5, 0, 0)
    assert len(server.kept) == 5


def test_a_server_that_goes_away_half_way_is_left_and_the_next_push_completes_it(
    faulty: tuple[type[Faulty], str], tmp_path: Path
) -> None:
    server, url = faulty
    done = published(tmp_path)
    server.fault, server.at = 0, set(range(2, 100))
    first = pushed(done, url, user="", password="")
    assert counts(first) == (1, 0, 0, 4)
    # After the third request without an answer the server is not asked any more.
    assert first.failures[-1].why == "gone"
    server.at = set()
    assert counts(pushed(done, url, user="", password="")) == (4, 1, 0, 0)


def test_a_cancellation_that_could_not_be_removed_is_removed_by_the_next_push(
    faulty: tuple[type[Faulty], str], tmp_path: Path
) -> None:
    server, url = faulty
    published(tmp_path)
    pushed(published(tmp_path, without_first()), url, user="", password="")
    done = published(tmp_path, without_first(), now=NOW + dt.timedelta(days=11))
    server.fault, server.at = 500, {server.asked + 1}
    assert counts(pushed(done, url, user="", password="")) == (0, 4, 0, 1)
    assert counts(pushed(done, url, user="", password="")) == (0, 4, 1, 0)


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = published(tmp_path)
    with pytest.raises(PublishingError) as caught:
        pushed(done, f"http://127.0.0.1:{free_port()}/x/")
    assert caught.value.what == "caldav-unreachable"
