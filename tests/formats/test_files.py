"""Files that cannot be what is asked for are refused with a sentence, never with a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import files, read
from patrol_scheduler.formats.toml_json import load
from tests.formats.small_plan import PLAN, complaints


def refused(path: Path) -> list[tuple[str, int | None, object]]:
    with pytest.raises(InvalidInputError) as caught:
        read(path)
    for fault in caught.value.faults:
        assert fault.file == str(path)
        assert fault.say("zh-CN") != fault.say("en")
    return [(fault.what, fault.line, fault.value) for fault in caught.value.faults]


def test_paths_that_hold_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.toml") == [("file-missing", None, None)]
    assert refused(tmp_path) == [("tables.folder-empty", None, None)]
    assert refused(tmp_path / "a\0b.toml") == [("file-missing", None, None)]
    (tmp_path / "file.toml").write_text("x")
    what = refused(tmp_path / "file.toml" / "inside.toml")
    assert what == [("file-unreadable", None, "ENOTDIR")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert refused(tmp_path / "pipe.toml") == [("file-special", None, None)]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices")
def test_a_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    assert refused(tmp_path / "zero.toml") == [("file-special", None, None)]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "open", refuse)
    assert refused(path) == [("file-unreadable", None, "EACCES")]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", len(PLAN.encode()))
    assert complaints(tmp_path, PLAN, "en") == []
    monkeypatch.setattr(files, "LARGEST", len(PLAN.encode()) - 1)
    (said,) = complaints(tmp_path, PLAN, "en")
    assert said.startswith("plan.toml: the file is larger than ")


def test_the_largest_file_has_20_megabytes() -> None:
    assert files.LARGEST == 20 * 1024 * 1024


CUT = PLAN.encode()[: PLAN.encode().index("示".encode()) + 1]

CONTENTS: list[tuple[str, bytes, tuple[str, int | None, object]]] = [
    ("a.toml", b"", ("file-empty", None, None)),
    ("a.json", b"", ("file-empty", None, None)),
    ("a.toml", b" \n\t\n", ("file-empty", None, None)),
    ("a.json", b"\xef\xbb\xbf", ("file-empty", None, None)),
    ("a.yaml", b"x: 1", ("file-extension", None, ".yaml")),
    ("a", b"x = 1", ("file-extension", None, "")),
    ("a.toml", 'a = 1\nname = "公安"'.encode("gb18030"), ("file-not-utf8", 2, "GBK")),
    ("a.toml", "a = 1".encode("utf-16"), ("file-not-utf8", 1, "UTF-16")),
    ("a.toml", b"a = 1\nb = '\xff\xff'", ("file-not-text", 2, "0xFF")),
    ("a.toml", CUT, ("file-cut-short", 2, None)),
    ("a.toml", b'a = 1\nb = "x', ("file-cut-short", 2, None)),
    ("a.toml", b"a = [1,\n2,\n", ("file-cut-short", 2, None)),
    ("a.toml", b"a =", ("file-cut-short", 1, None)),
    ("a.toml", b'"a" "b"\nc = 1', ("toml-syntax", 1, '"a" "b"')),
    ("a.toml", "a ＝ 1\n".encode(), ("full-width", 1, "a ＝ 1")),
    ("a.toml", b"a = 1\na = 2", ("key-twice", 2, "a = 2")),
    ("a.toml", b"[a]\n[a]\n", ("key-twice", 2, "[a]")),
    ("a.toml", b"x = {a=1, a=2}\n", ("key-twice", 1, "x = {a=1, a=2}")),
    ("a.toml", b"a = " + b"9" * 5000, ("number-too-long", None, None)),
    ("a.toml", b"a = " + b"[" * 20000 + b"]" * 20000, ("too-deep", None, None)),
    ("a.json", b"[" * 200000 + b"]" * 200000, ("too-deep", None, None)),
    ("a.json", b'{"a": 9', ("file-cut-short", 1, None)),
    ("a.json", b'{"a":\n "9', ("file-cut-short", 2, None)),
    ("a.json", b'{"a":\n', ("file-cut-short", 1, None)),
    ("a.json", b'{"a": 1,\n b: 2}', ("json-syntax", 2, "b: 2}")),
    ("a.json", b'{"a": 1,\n "b": NaN}', ("not-in-json", 2, "NaN")),
    ("a.json", b'{"a": ' + b"9" * 5000 + b"}", ("number-too-long", None, None)),
    ("a.json", b"[1, 2]", ("not-a-plan", None, [1, 2])),
    ("a.json", b'"text"', ("not-a-plan", None, "text")),
]


@pytest.mark.parametrize(("name", "content", "expected"), CONTENTS)
def test_contents_that_cannot_be_read(
    name: str, content: bytes, expected: tuple[str, int | None, object], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == [expected]


def test_the_sentence_for_another_encoding(tmp_path: Path) -> None:
    content = PLAN.encode("gb18030")
    assert complaints(tmp_path, content, "en") == [
        "plan.toml:2: the text is encoded in GBK, UTF-8 is expected. Save the file as UTF-8."
    ]
    assert complaints(tmp_path, content, "zh-CN") == [
        "plan.toml:2: 文件编码为 GBK，应为 UTF-8。请另存为 UTF-8 编码。"
    ]


def test_the_sentences_for_empty_and_truncated_files(tmp_path: Path) -> None:
    assert complaints(tmp_path, "", "en") == [
        (
            "plan.toml: the file is empty, a document is expected. Check that this is the right "
            'file; "patrol-scheduler init" writes a plan to start from.'
        )
    ]
    assert complaints(tmp_path, "", "zh-CN") == [
        (
            "plan.toml: 文件是空的，此处应有内容。"
            '请核对是否给错了文件；方案可用 "patrol-scheduler init" 生成范本。'
        )
    ]
    cut = PLAN[: PLAN.index("示例-1")]
    assert complaints(tmp_path, cut, "en") == [
        (
            "plan.toml:21: the file ends in the middle of a value. It was cut short or a closing "
            "quotation mark or bracket is missing; get the whole file again."
        )
    ]
    assert complaints(tmp_path, cut, "zh-CN") == [
        (
            "plan.toml:21: 文件在一个值的中间结束：文件不完整，或缺少右引号、右括号。"
            "请重新取得完整的文件。"
        )
    ]


def test_keys_given_twice_in_json_have_their_places(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": {"b": 1,\n"b": 2},\n"a": 3}')
    assert [(f.place, f.line, f.value) for f in load(path).faults] == [
        ("a.b", 2, "b"),
        ("a", 3, "a"),
    ]
