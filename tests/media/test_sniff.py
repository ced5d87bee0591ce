import io

import pytest

from server.domain.errors import EmptyFile, UnsupportedAudio
from server.media.audio import cut, decode_mono_16k, playback_copy, probe
from server.media.sniff import Container, container_of
from tests.media.sounds import ENCODINGS, encoded, notes, shared_sound

KINDS = {
    "webm": Container.WEBM,
    "mp4": Container.MP4,
    "ogg": Container.OGG,
    "flac": Container.FLAC,
    "mp3": Container.MP3,
    "wav": Container.WAV,
    "aac": Container.ADTS,
}
IMPOSTORS = {
    "a web page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "a list to join": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "a stream description": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 1 RTP/AVP 0\n",
    "a dash manifest": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
    "a photo": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 500,
    "a program": b"\x7fELF" + b"\0" * 500,
    "an archive": b"PK\x03\x04" + b"\0" * 500,
    "one chance sync": b"\xff\xfb\x90\x00" + b"<html>" * 400,
    "a tag with a page after it": b"ID3\x04\x00\x00\x00\x00\x00\x02xx<html><script>",
    "a tag that is only a start": b"ID3\x04",
    "a cinema file": b"RIFF\x00\x00\x00\x00AVI LIST",
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_each_kind_is_known_by_its_content(name: str):
    assert container_of(io.BytesIO(encoded(name, notes(1)))) == KINDS[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("p001.webm", Container.WEBM),
        ("p001.mp4", Container.MP4),
        ("p001.ogg", Container.OGG),
        ("p001.flac", Container.FLAC),
        ("p001.mp3", Container.MP3),
        ("p001.aac", Container.ADTS),
        ("sonnet-1-en.mp3", Container.MP3),
        ("mediarecorder-opus-12s.webm", Container.WEBM),
    ],
)
def test_real_files_are_known_by_their_content(name: str, kind: Container):
    assert container_of(shared_sound(name)) == kind


@pytest.mark.parametrize("name", ["mp3", "aac", "flac"])
def test_sound_after_a_tag_is_found(name: str):
    content = encoded(name, notes(1))
    if not content.startswith(b"ID3"):
        content = b"ID3\x04\x00\x00\x00\x00\x02\x00" + b"\0" * 256 + content
    source = io.BytesIO(content)
    assert container_of(source) == KINDS[name]
    assert probe(source).duration_ms == pytest.approx(1000, abs=100)


@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS)
def test_what_is_not_sound_is_refused_whatever_its_name_says(content: bytes):
    """fault 38"""
    source = io.BytesIO(content)
    source.name = "recording.webm"
    for act in (
        probe,
        decode_mono_16k,
        lambda it: playback_copy(it, io.BytesIO()),
        lambda it: cut(it, io.BytesIO(), 0, 9),
    ):
        with pytest.raises(UnsupportedAudio):
            act(source)


def test_an_empty_file_is_named_so():
    """fault 37"""
    with pytest.raises(EmptyFile):
        probe(io.BytesIO())
    with pytest.raises(EmptyFile):
        decode_mono_16k(io.BytesIO())


def test_sniffing_leaves_the_file_at_its_start():
    source = io.BytesIO(encoded("mp3", notes(1)))
    source.seek(100)
    container_of(source)
    assert source.tell() == 0
