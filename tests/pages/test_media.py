"""Sound and pictures at their addresses: to whom, which bytes, and in which pieces."""

import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.services import consents
from tests import makers

CONTENT = bytes(range(256)) * 16


@pytest.fixture
def world(app: Flask, session: Session, sign_in_as):
    """A story with a recording, an excerpt with its clip and a photo, their copies in the store."""
    store = app.extensions["earshot"].store

    class World:
        project = makers.make_project(session)
        researcher = makers.make_person(session, project, Role.RESEARCHER)
        story = makers.make_story(session, project, researcher)
        recording = makers.add_recording(session, story)
        excerpt = makers.add_excerpt(session, recording, researcher)
        photo = makers.add_photo(session, story)

    world = World()
    world.recording.playback_sha256 = store.put(io.BytesIO(CONTENT)).sha256
    world.excerpt.clip_sha256 = store.put(io.BytesIO(b"clip")).sha256
    world.photo.derivative_sha256 = store.put(io.BytesIO(b"shown")).sha256
    world.photo.sha256 = store.put(io.BytesIO(b"as taken")).sha256
    world.addresses = {"recording": f"/recordings/{world.recording.id}/audio",
                       "excerpt": f"/excerpts/{world.excerpt.id}/audio", "photo": f"/photos/{world.photo.id}/image"}
    session.commit()
    world.browsers = {role: sign_in_as(makers.make_person(session, world.project, role)) for role in Role}
    world.commissioner = world.browsers[Role.COMMISSIONER]
    return world


def test_a_commissioner_gets_each_copy_under_its_type(world) -> None:
    expected = {"recording": (CONTENT, "audio/mpeg"), "excerpt": (b"clip", "audio/mpeg"),
                "photo": (b"shown", "image/jpeg")}
    for kind, (content, content_type) in expected.items():
        answer = world.commissioner.get(world.addresses[kind])
        assert (answer.data, answer.content_type) == (content, content_type)


def test_no_copy_stays_behind_and_no_other_site_can_embed_one(world) -> None:
    """fault 43"""
    for address in world.addresses.values():
        headers = world.commissioner.get(address).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"] == "inline"


@pytest.mark.parametrize(("asked", "given", "content"), [
    ("bytes=0-99", "bytes 0-99/4096", CONTENT[:100]),
    ("bytes=4000-", "bytes 4000-4095/4096", CONTENT[4000:]),
    ("bytes=-10", "bytes 4086-4095/4096", CONTENT[-10:]),
    ("bytes=4000-9999", "bytes 4000-4095/4096", CONTENT[4000:]),
], ids=["first", "from", "last", "past the end"])
def test_a_player_can_seek(world, asked: str, given: str, content: bytes) -> None:
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"], answer.data) == (206, given, content)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert int(answer.headers["Content-Length"]) == len(content)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=0-1, 4-5", "bytes=5-2", "bytes=-", "bytes=x-y", "bytes",
                                   "seconds=0-1", "bytes=²-3", "bytes=0-1-2"])
def test_several_ranges_or_none_that_can_be_read_give_the_whole(world, asked: str) -> None:
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert "Content-Range" not in answer.headers


def test_a_range_of_something_else_gives_the_whole_of_this(world) -> None:
    address, asked = world.addresses["recording"], {"Range": "bytes=0-9"}
    tag = world.commissioner.get(address).headers["ETag"]
    assert world.commissioner.get(address, headers=asked | {"If-Range": tag}).data == CONTENT[:10]
    for other in ('"another"', f"W/{tag}", "Sat, 21 Nov 2026 12:00:00 GMT"):
        answer = world.commissioner.get(address, headers=asked | {"If-Range": other})
        assert (answer.status_code, answer.data) == (200, CONTENT)


@pytest.mark.parametrize("asked", ["bytes=4096-", "bytes=4096-5000", "bytes=-0", "bytes=999999999999999999-"])
def test_no_byte_that_is_not_there_is_given(world, asked: str) -> None:
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */4096")


def test_more_than_the_whole_from_the_end_is_the_whole(world) -> None:
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": "bytes=-9999"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, "bytes 0-4095/4096")
    assert answer.data == CONTENT


def test_a_store_far_away_is_asked_for_the_range_alone(app: Flask, world, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[int, int]] = []

    class Far(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            read.append((self.tell(), size))
            return super().read(size)

    monkeypatch.setattr(app.extensions["earshot"].store, "open", lambda sha256: Far(CONTENT))
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": "bytes=1000-1099"})
    assert answer.data == CONTENT[1000:1100]
    assert read == [(1000, 100)]


class Linking:
    """A store that gives links, as a bucket can."""

    def __init__(self, store) -> None:
        self._store = store

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def link(self, sha256: str, content_type: str, seconds: int) -> str:
        return f"https://bucket.example/{sha256}?type={content_type}&seconds={seconds}"

    def links_from(self) -> str:
        return "https://bucket.example"


@pytest.fixture
def linking(app: Flask, world):
    """The same, with a store that gives links for a minute."""
    parts = app.extensions["earshot"]
    app.extensions["earshot"] = replace(parts, store=Linking(parts.store),
                                        settings=replace(parts.settings, s3_link_seconds=60))
    return world


def test_a_link_that_soon_ends_is_given_where_the_store_gives_one(linking) -> None:
    for kind, address in linking.addresses.items():
        answer = linking.commissioner.get(address)
        part = {"recording": linking.recording.playback_sha256, "excerpt": linking.excerpt.clip_sha256,
                "photo": linking.photo.derivative_sha256}[kind]
        assert answer.status_code == 303
        assert answer.location.startswith(f"https://bucket.example/{part}?type=")
        assert answer.location.endswith("&seconds=60")
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_may_load_from_where_links_lead_and_from_nowhere_else(linking) -> None:
    policy = dict(part.split(" ", 1) for part in
                  linking.commissioner.get("/").headers["Content-Security-Policy"].split("; "))
    assert {kind for kind, sources in policy.items() if "https://bucket.example" in sources} == {"img-src", "media-src"}
    assert not any("http" in sources.replace("https://bucket.example", "") for sources in policy.values())


def test_no_link_is_given_for_what_is_no_longer_agreed_to(linking, session: Session) -> None:
    makers.record_consent(session, linking.project, linking.researcher, linking.story.id, {Use.COMMISSIONERS})
    session.commit()
    for address in linking.addresses.values():
        answer = linking.commissioner.get(address)
        assert (answer.status_code, answer.location) == (404, None)


def test_a_range_past_the_end_is_refused_with_the_length(world) -> None:
    answer = world.commissioner.get(world.addresses["recording"], headers={"Range": "bytes=5000-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */4096")


def test_asking_for_the_length_alone_gives_no_bytes(world) -> None:
    answer = world.commissioner.head(world.addresses["recording"])
    assert (answer.status_code, answer.headers["Content-Length"], answer.data) == (200, "4096", b"")


def test_a_board_member_gets_clips_and_photos_but_no_whole_recording(world) -> None:
    board_member = world.browsers[Role.BOARD_MEMBER]
    assert board_member.get(world.addresses["excerpt"]).data == b"clip"
    assert board_member.get(world.addresses["photo"]).data == b"shown"
    assert board_member.get(world.addresses["recording"]).status_code == 404


def test_nobody_else_gets_a_byte(world, session: Session, sign_in_as, client) -> None:
    """fault 44"""
    stranger = sign_in_as(makers.make_person(session, makers.make_project(session, "Another project"), *Role))
    others = [world.browsers[role] for role in (Role.ADMINISTRATOR, Role.RESEARCHER, Role.ANALYST)]
    for address in world.addresses.values():
        assert {browser.get(address).status_code for browser in (stranger, *others)} == {404}
        assert client.get(address).status_code == 302
    for kind in ("recordings", "excerpts"):
        assert world.commissioner.get(f"/{kind}/{new_id()}/audio").status_code == 404


def test_consent_is_asked_for_every_request(world, session: Session) -> None:
    for address in world.addresses.values():
        assert world.commissioner.get(address).status_code == 200
    makers.record_consent(session, world.project, world.researcher, world.story.id, {Use.COMMISSIONERS})
    consents.decide_again(session, world.story.id)
    session.commit()
    for address in world.addresses.values():
        assert world.commissioner.get(address).status_code == 404


def test_a_photo_without_its_copy_is_never_shown_as_taken(world, session: Session) -> None:
    world.photo.derivative_sha256 = None
    session.commit()
    assert world.commissioner.get(world.addresses["photo"]).status_code == 404


def test_sound_that_is_still_being_made_says_when_to_ask_again(world, session: Session) -> None:
    world.recording.playback_sha256 = world.excerpt.clip_sha256 = None
    session.commit()
    for kind in ("recording", "excerpt"):
        answer = world.commissioner.get(world.addresses[kind])
        assert (answer.status_code, answer.headers["Retry-After"]) == (404, "5")


def test_whoever_withholds_words_hears_all_of_it_and_others_hear_what_is_left(app: Flask, session: Session,
                                                                            world) -> None:
    """fault 42"""
    store = app.extensions["earshot"].store
    clean = f"/recordings/{world.recording.id}/clean-audio"
    assert world.commissioner.get(clean).data == CONTENT
    world.recording.withheld = [[0, 100, "bleep"]]
    world.recording.clean_sha256 = world.recording.playback_sha256
    world.recording.playback_sha256 = store.put(io.BytesIO(b"bleeped")).sha256
    session.commit()
    assert world.commissioner.get(world.addresses["recording"]).data == b"bleeped"
    whole, part = world.commissioner.get(clean), world.commissioner.get(clean, headers={"Range": "bytes=2-4"})
    assert (whole.data, part.data, part.status_code) == (CONTENT, CONTENT[2:5], 206)
    assert whole.headers["Cache-Control"] == "private, no-store"
    for role, browser in world.browsers.items():
        if role is not Role.COMMISSIONER:
            assert browser.get(clean).status_code == 404


def test_while_there_is_no_clean_copy_yet_the_one_with_something_withheld_is_not_given_for_it(session: Session,
                                                                                            world) -> None:
    world.recording.withheld = [[0, 100, "bleep"]]
    session.commit()
    answer = world.commissioner.get(f"/recordings/{world.recording.id}/clean-audio")
    assert (answer.status_code, answer.headers["Retry-After"]) == (404, "5")


@pytest.mark.parametrize("use", [Use.RECORD, Use.COMMISSIONERS])
def test_without_agreement_nobody_hears_the_clean_copy(session: Session, world, use: Use) -> None:
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {use})
    session.commit()
    assert world.commissioner.get(f"/recordings/{world.recording.id}/clean-audio").status_code == 404


def test_to_be_of_the_team_is_not_enough_to_hear_the_clean_copy(world, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES_THAT_MAY, Permission.REDACT, frozenset())  # type: ignore[arg-type]
    assert world.commissioner.get(world.addresses["recording"]).status_code == 200
    for clean in (f"/recordings/{world.recording.id}/clean-audio", f"/photos/{world.photo.id}/clean-image"):
        assert world.commissioner.get(clean).status_code == 404
