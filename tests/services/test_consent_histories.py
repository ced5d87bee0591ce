"""Random consent histories of a story, on both databases: after each thing that happens, everybody has exactly what a
second rule gives them, which is written here in another way and keeps its own account of what was said.

Time passes by moving everything that is stored into the past: nothing is decided again then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, event, example, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import FOREVER, Audience, Content, Use
from server.domain.ids import new_id
from server.models.consent import Clearance, ConsentRecord, Embargo, PartialWithdrawal
from server.models.story import Participant, Story
from server.services import clearing, consents, withdrawals
from server.services.clearances import Asked, may_have
from tests import makers

# Who may say something: three who may have told it, somebody else, and a record that names nobody.
WHO = ("a", "b", "c", "stranger", "")
USES = st.sets(st.sampled_from(list(Use)))
MOSTLY_YES = st.one_of(st.just(set(Use)), USES.map(lambda no: set(Use) - no), USES)
# Hours from now at which a yes ends, and at which somebody says that it was given: clocks lie.
HOURS = st.integers(-3, 40)
STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(WHO), MOSTLY_YES, st.dictionaries(st.sampled_from(list(Use)), HOURS),
              st.integers(-3, 2)),
    st.tuples(st.just("pass"), st.integers(1, 30)),
    st.tuples(st.just("withdraw in part"), st.sampled_from(["words_only", "anonymous", "no_new_use"])),
    st.tuples(st.just("embargo")), st.tuples(st.just("lift")), st.tuples(st.just("withdraw")),
)
PLACES = {
    "commissioners audio": "commissioners record", "commissioners words": "commissioners record transcribe",
    "commissioners quote": "commissioners", "commissioners photo": "commissioners photos",
    "board audio": "board record", "board words": "board record transcribe", "board quote": "board",
    "board photo": "board photos", "publication words": "publication record transcribe",
    "publication quote": "publication"}
ROLE_OF = {Audience.COMMISSIONERS: Role.COMMISSIONER, Audience.BOARD: Role.BOARD_MEMBER,
           Audience.PUBLICATION: Role.ANALYST}


@dataclass
class Account:
    """What was said and done, as somebody with a notebook and a right clock would have written it down."""

    told_by: tuple[str, ...]
    clock: datetime
    said: list[tuple[str, set[str], dict[str, datetime], datetime]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    embargoes: int = 0

    def holds(self, use: str) -> bool:
        """Whether everybody whose word counts says yes, and nobody's yes is over."""
        voices = self._voices()
        return bool(voices) and all(
            use in agreed and self.clock < ends.get(use, FOREVER)
            for spoken in voices.values() for agreed, ends in self._last_words(spoken)
        ) and all(voices.values())

    def has(self, place: str) -> bool:
        """Whether this content may be had there, such as `board photo`."""
        if self.embargoes or self.ended & {"no_new_use", "erase"}:
            return False
        if self.ended and place.endswith(("audio", "photo")):
            return False
        return all(self.holds(use) for use in PLACES[place].split())

    def agreed(self) -> set[str]:
        lost = {"no_new_use": set(Use), "erase": set(Use), "words_only": {"record", "photos"},
                "anonymous": {"record", "photos", "transcribe"}}
        gone = {use for scope in self.ended for use in lost[scope]}
        return {use.value for use in Use if self.holds(use.value)} - gone

    def _voices(self) -> dict[str, list[int]]:
        """The numbers of what each of them said, by arrival. What names nobody is the word of whoever is alone."""
        voices: dict[str, list[int]] = {name: [] for name in self.told_by}
        for number, (name, *_) in enumerate(self.said):
            whose = self.told_by[0] if name == "" and len(self.told_by) == 1 else name
            voices.setdefault(whose, []).append(number)
        return voices

    def _last_words(self, spoken: list[int]) -> Iterator[tuple[set[str], dict[str, datetime]]]:
        """From the one given last back to the first: each that came later than all those given after it may be the
        newest."""
        latest = -1
        for number in sorted(spoken, key=lambda one: (self.said[one][3], one), reverse=True):
            if number > latest:
                latest = number
                yield self.said[number][1], self.said[number][2]


class Told:
    """A story with every kind of part, told by these, and what is done with its consent: here and in the account."""

    def __init__(self, session: Session, world: SimpleNamespace, told_by: tuple[str, ...]) -> None:
        self.session, self.world = session, world
        story = makers.make_story(session, world.project, world.researcher)
        self.story_id = story.id
        session.query(ConsentRecord).filter_by(story_id=story.id).delete()
        makers.add_excerpt(session, makers.add_recording(session, story), world.researcher)
        makers.add_quote(session, story)
        makers.add_photo(session, story)
        self.ids: dict[str, str | None] = {name: new_id() for name in WHO} | {"": None}
        session.add_all(Participant(id=self.ids[name], story_id=self.story_id, position=place, pseudonym=name,
                                    receipt_code_hash=makers.digest(f"{name} {self.story_id}"))
                        for place, name in enumerate(told_by))
        session.flush()
        self.account = Account(told_by, datetime.now(UTC))
        self.elapsed = timedelta()
        consents.decide_again(session, self.story_id)

    def say(self, name: str, uses: set[Use], hours: Mapping[Use, int], given: int) -> None:
        """Somebody says yes to these uses; half an hour apart, so that the seconds that a test takes change nothing."""
        now = datetime.now(UTC)
        ends = {use.value: now + timedelta(hours=end, minutes=30) for use, end in hours.items() if use in uses}
        given_at = now + timedelta(hours=given)
        self.session.add(ConsentRecord(
            id=new_id(), project_id=self.world.project.id, story_id=self.story_id, how="spoken", for_whom="self",
            wording_id=makers.wording_of(self.session, self.world.project).id, participant_id=self.ids[name],
            answers={use.value: use in uses for use in Use}, until={use: end.isoformat() for use, end in ends.items()},
            taken_by=self.world.researcher.id, given_at=given_at, given_at_phone=given_at, received_at=now,
            body_sha256=makers.digest("body"), body_bytes=10))
        self.session.flush()
        # Nobody has said anything in the future.
        self.account.said.append((name, {use.value for use in uses},
                                  {use: end + self.elapsed for use, end in ends.items()},
                                  min(given_at, now) + self.elapsed))
        self._decide()

    def withdraw_in_part(self, scope: str) -> None:
        if scope not in self.account.ended:
            self.session.add(PartialWithdrawal(story_id=self.story_id, scope=scope, at=datetime.now(UTC),
                                               project_id=self.world.project.id))
        self.account.ended.add(scope)
        self._decide()

    def embargo(self) -> None:
        self.session.add(Embargo(id=new_id(), story_id=self.story_id, project_id=self.world.project.id,
                                 reason="A worry", put_at=datetime.now(UTC)))
        self.account.embargoes += 1
        self._decide()

    def lift(self) -> None:
        """One of those that stand."""
        row = self.session.query(Embargo).filter_by(story_id=self.story_id, lifted_at=None).first()
        if row is not None:
            row.lifted_at = datetime.now(UTC)
            self.account.embargoes -= 1
        self._decide()

    def withdraw(self) -> None:
        withdrawals.withdraw(self.session, makers.viewer_of(self.session, self.world.researcher), self.story_id)
        self.account.ended.add("erase")

    def let_pass(self, hours: int) -> None:
        """Everything that is stored becomes so much older. Whoever forgets to compare goes on as before."""
        length = timedelta(hours=hours)
        for row in self.session.query(Clearance).filter_by(story_id=self.story_id):
            row.until = row.until - length if row.until < FOREVER else row.until
        for row in self.session.query(ConsentRecord).filter_by(story_id=self.story_id):
            row.given_at, row.received_at = row.given_at - length, row.received_at - length
            row.until = {use: (datetime.fromisoformat(end) - length).isoformat() for use, end in row.until.items()}
        self.session.flush()
        self.elapsed += length

    def _decide(self) -> None:
        self.session.flush()
        consents.decide_again(self.session, self.story_id)

    def check(self, viewers: Mapping[Audience, Viewer]) -> int:
        """Raises AssertionError where somebody has something else than the account gives them; how much it gives."""
        self.account.clock = datetime.now(UTC) + self.elapsed
        expected = {place for place in PLACES if self.account.has(place)}
        assert consents.agreed_uses(self.session, self.story_id) == self.account.agreed()
        assert self._by_sql() == expected
        assert self._by_listing(viewers) == expected
        return len(expected)

    def _by_sql(self) -> set[str]:
        every = [(audience, content) for audience in Audience for content in Content]
        asked = [may_have(Story.id, Asked(frozenset({audience})), content) for audience, content in every]
        row = self.session.execute(select(*asked).where(Story.id == self.story_id)).first() or [False] * len(every)
        return {f"{audience} {content}" for (audience, content), may in zip(every, row, strict=True) if may}

    def _by_listing(self, viewers: Mapping[Audience, Viewer]) -> set[str]:
        found = set()
        for audience, viewer in viewers.items():
            for story in clearing.list_stories(self.session, viewer, self.world.project.id, audience, [self.story_id]):
                parts = {"audio": story.recordings, "words": story.excerpts, "quote": story.quotes,
                         "photo": story.photos}
                found |= {f"{audience} {content}" for content, there in parts.items() if there}
        return found


@pytest.fixture
def viewers(session: Session, world: SimpleNamespace) -> dict[Audience, Viewer]:
    return {audience: makers.viewer_of(session, makers.make_person(session, world.project, role))
            for audience, role in ROLE_OF.items()}


# What a failing history teaches is in its shortest form. To explain it piece by piece takes minutes.
@examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture],
          phases=set(Phase) - {Phase.explain})
@given(st.sampled_from([(), ("a",), ("a", "b"), ("a", "b", "c")]), st.lists(STEPS, min_size=1, max_size=12))
@example(("a",), [("say", "a", set(Use), {Use.BOARD: 1}, 0), ("pass", 3)])
@example(("a",), [("say", "a", {Use.BOARD}, {}, 2), ("say", "a", set(Use), {}, 0)])
@example(("a", "b"), [("embargo",), ("say", "", {Use.BOARD}, {}, 0), ("lift",)])
def test_whatever_happens_everybody_has_what_the_account_gives_them_and_no_more(
    session: Session, world: SimpleNamespace, viewers: dict[Audience, Viewer], told_by: tuple[str, ...], steps: list
) -> None:
    """fault 45"""
    told = Told(session, world, told_by)
    do = {"say": told.say, "pass": told.let_pass, "withdraw in part": told.withdraw_in_part, "embargo": told.embargo,
          "lift": told.lift, "withdraw": told.withdraw}
    # Those who told it say something first: else most histories would be a no to everything.
    for name in told_by:
        told.say(name, set(Use), {}, -3)
    most = told.check(viewers)
    for what, *how in steps:
        note(f"{what} {how}")
        do[what](*how)
        most = max(most, told.check(viewers))
        if what == "withdraw":
            break
    event("something was had" if most else "nothing was ever had")
