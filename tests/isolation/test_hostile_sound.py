"""Sound that means harm is refused with its reason in little memory, and reaches no file and no address."""

import shutil
import struct
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import av
import pytest

from server.config import ROOT
from server.domain.errors import AudioDamaged, EmptyFile, Refusal, UnsupportedAudio, UnsupportedImage
from server.isolation.checks import check_audio, check_photo
from server.isolation.limits import MIB, Decoding
from tests.isolation.canary import Canary
from tests.isolation.conftest import told
from tests.media.sounds import encoded, notes, silence, wav

MOST_MEMORY = 256 * MIB


def _claims_fifty_hours() -> bytes:
    """A second of sound in a header that says fifty hours."""
    whole = bytearray(wav(1, 8000, 8000).getvalue())
    struct.pack_into("<I", whole, 40, 50 * 3600 * 16_000)
    return bytes(whole)


@pytest.mark.parametrize(("content", "refusal"), [
    (lambda: b"", EmptyFile),
    (lambda: encoded("webm", notes(2))[:40], AudioDamaged),
    (lambda: encoded("webm", notes(2))[200:], UnsupportedAudio),
    (lambda: encoded("mp4", notes(2))[-4000:], UnsupportedAudio),
    (lambda: b"fLaC" + bytes(5000), AudioDamaged),
    (lambda: silence(50).getvalue(), UnsupportedAudio),
], ids=["empty", "cut in its header", "without header", "only its end", "no sound in it", "fifty hours"])
def test_a_recording_that_cannot_be_kept_is_refused_for_its_own_reason_in_little_memory(
        content: Callable[[], bytes], refusal: type[Refusal]) -> None:
    """fault 37"""
    heard = told(Decoding.CHECK_AUDIO, content())
    assert heard["error"] == refusal.code
    assert heard["ended"]["memory"] < MOST_MEMORY


@pytest.mark.parametrize(("content", "duration_ms"), [
    (lambda: encoded("webm", notes(4))[: len(encoded("webm", notes(4))) // 2], 2000),
    (lambda: wav(8, 96_000, 96_000).getvalue(), 1000),
    (_claims_fifty_hours, 1000),
], ids=["cut short", "eight channels at 96 kHz", "a header that lies"])
def test_a_recording_that_is_only_odd_is_kept_as_far_as_it_goes(content: Callable[[], bytes],
                                                               duration_ms: int) -> None:
    """fault 37"""
    checked, copied = told(Decoding.CHECK_AUDIO, content()), told(Decoding.PLAYBACK, content())
    assert checked["result"]["duration_ms"] == pytest.approx(duration_ms, abs=300)
    assert copied["result"]["duration_ms"] == pytest.approx(duration_ms, abs=300)
    assert max(checked["ended"]["memory"], copied["ended"]["memory"]) < MOST_MEMORY


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    found = Canary(tmp_path, encoded("wav", notes(1)))
    yield found
    found.close()


def _polyglots(canary: Canary) -> dict[str, bytes]:
    """Files under false names that would like somebody to read another file, or ask another machine."""
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{canary.address}\n#EXTINF:9,\n{canary.file}\n".encode()
    concat = f"ffconcat version 1.0\nfile '{canary.file}'\nfile '{canary.address}'\n".encode()
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary.address}"/></svg>'.encode()
    html = f'<!DOCTYPE html><img src="{canary.address}"><audio src="file://{canary.file}">'.encode()
    plain = {"playlist.webm": hls, "list.webm": concat, "drawing.webm": svg, "page.webm": html,
             "drawing.jpg": svg, "page.jpg": html, "playlist.jpg": hls}
    heads = {"webm": b"\x1a\x45\xdf\xa3", "mp4": b"\0\0\0\x18ftypisom", "ogg": b"OggS", "wav": b"RIFF\0\0\0\0WAVE",
             "jpg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n"}
    return plain | {f"both.{kind}": head + b"\n" + hls + concat for kind, head in heads.items()} | {
        "tagged.mp3": b"ID3\x04\0\0\0\0\0\0" + hls, "elsewhere.mp4": _elsewhere(canary)}


def _elsewhere(canary: Canary) -> bytes:
    """A film without samples of its own: it says that they are in another file."""
    def box(name: bytes, *parts: bytes) -> bytes:
        content = b"".join(parts)
        return struct.pack(">I", len(content) + 8) + name + content

    place = box(b"url ", bytes(4), str(canary.file).encode() + b"\0") + box(b"alis", bytes(4), bytes(150))
    inside = box(b"dinf", box(b"dref", bytes(4), struct.pack(">I", 2), place))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"soun", bytes(13)), box(b"minf", inside)))
    return box(b"ftyp", b"isom", bytes(4)) + box(b"moov", track)


def test_no_file_makes_the_server_open_another_or_ask_another_machine(canary: Canary, tmp_path: Path) -> None:
    """fault 38"""
    for name, content in _polyglots(canary).items():
        path = tmp_path / name
        path.write_bytes(content)
        for check in (check_audio, check_photo):
            with path.open("rb") as source, pytest.raises(Refusal):
                check(source)
    assert canary.touched() == []


def test_the_canary_notices_who_would_open_it_or_ask_for_it(canary: Canary, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(_polyglots(canary)["list.webm"])
    with suppress(av.FFmpegError):
        av.open(str(tmp_path / "list"), format="concat", options={"safe": "0"}).close()
    assert "file" in canary.touched()
    with suppress(OSError):
        urllib.request.urlopen(canary.address)
    assert canary.touched() == ["/canary.wav"]


def test_sound_is_not_taken_for_a_photo_nor_a_photo_for_sound(picture: Path) -> None:
    """fault 38"""
    with picture.open("rb") as source, pytest.raises(UnsupportedAudio):
        check_audio(source)
    (picture.parent / "sound.jpg").write_bytes(encoded("webm", notes(1)))
    with (picture.parent / "sound.jpg").open("rb") as source, pytest.raises(UnsupportedImage):
        check_photo(source)


_CHECKS = """
import sys
from server.domain.errors import Refusal
from server.isolation.checks import check_audio, check_photo
for path in sys.argv[1:]:
    for check in (check_audio, check_photo):
        try:
            check(open(path, "rb"))
        except Refusal:
            pass
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_system_sees_no_child_open_a_file_or_a_connection(canary: Canary, tmp_path: Path) -> None:
    """fault 38"""
    paths = []
    for name, content in _polyglots(canary).items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    trace = tmp_path / "trace"
    subprocess.run(["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=open,openat,socket,connect,prlimit64",
                    "-o", str(trace), sys.executable, "-c", _CHECKS, *map(str, paths)], cwd=ROOT, check=True)
    sealed, afterwards = set(), []
    for line in trace.read_text().splitlines():
        process, call = line.split(maxsplit=1)
        if "RLIMIT_NOFILE, {rlim_cur=0, rlim_max=0}" in call:
            sealed.add(process)
        elif process in sealed and call.startswith(("open", "socket", "connect")):
            afterwards.append(call)
        assert "AF_INET" not in call
    assert (len(sealed), afterwards) == (2 * len(paths), [])
