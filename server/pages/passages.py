"""A transcript laid out for correcting: each passage with who heard it, and the excerpts that hold its old words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.domain import anchor
from server.domain.cleared import ClearedExcerpt, ClearedGap, ClearedMarker, ClearedRecording, ClearedTranscript
from server.domain.excerpt import words_of
from server.domain.heard import Stretch, is_heard, union
from server.domain.transcript import Segment, Word
from server.services.heard import HeardBy

# A machine that gave a word less than this was guessing.
_UNSURE = 0.4


@dataclass(frozen=True)
class PassageWord:
    text: str
    space: str
    start_ms: int
    end_ms: int
    is_unsure: bool


@dataclass(frozen=True)
class OldWords:
    """An excerpt that says something else than the transcript does now. `seen` is the hash of what it says now."""

    excerpt: ClearedExcerpt
    now: str
    seen: str


@dataclass(frozen=True)
class _Listener:
    person_id: str
    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Passage:
    """`how` is "heard", "partly" or "not"; `you` says whether the viewer is among those who heard some of it, and
    `others` are the names of the rest."""

    segment: Segment
    words: tuple[PassageWord, ...]
    how: str
    you: bool
    others: tuple[str, ...]
    notes: tuple[ClearedGap | ClearedMarker, ...]
    old: tuple[OldWords, ...]

    @property
    def heard(self) -> str:
        """In words: Heard by you and Mo."""
        if self.how != "heard":
            return "Partly heard" if self.how == "partly" else "Not heard yet"
        names = [*(["you"] if self.you else []), *self.others]
        return f"Heard by {listed(names)}" if names else "Heard"


def passages_of(recording: ClearedRecording, transcript: ClearedTranscript, excerpts: Sequence[ClearedExcerpt],
                heard_by: Sequence[HeardBy], viewer_id: str) -> list[Passage]:
    """Every segment in order, each with what is to be known before it and in it."""
    notes: list[ClearedGap | ClearedMarker] = sorted([*recording.gaps, *recording.markers], key=lambda note: note.at_ms)
    flagged = [excerpt for excerpt in excerpts
               if excerpt.recording_id == recording.id and excerpt.changed_text is not None]
    people = _people(heard_by)
    found = []
    for segment in transcript.segments:
        before = [note for note in notes if note.at_ms <= segment.start_ms]
        notes = notes[len(before):]
        ends = segment is transcript.segments[-1]
        old = [item for item in flagged if ends or item.start_ms < segment.end_ms]
        flagged = [item for item in flagged if item not in old]
        found.append(_passage(segment, before, old, transcript, people, viewer_id))
    return found


def listed(names: Sequence[str]) -> str:
    """Ada, Mo and Sam."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _people(heard_by: Sequence[HeardBy]) -> list[_Listener]:
    """Everybody who heard something, with all that they heard, in the order of the recording."""
    rows: dict[str, list[HeardBy]] = {}
    for item in heard_by:
        rows.setdefault(item.person_id, []).append(item)
    return [_Listener(person_id, theirs[0].name, union((item.start_ms, item.end_ms) for item in theirs))
            for person_id, theirs in rows.items()]


def _passage(segment: Segment, notes: Sequence[ClearedGap | ClearedMarker], old: Iterable[ClearedExcerpt],
             transcript: ClearedTranscript, people: Sequence[_Listener], viewer_id: str) -> Passage:
    words = words_of([segment])
    near = [one for one in people if any(is_heard(word, one.stretches) for word in words)]
    others = tuple(one.name for one in near if one.person_id != viewer_id)
    return Passage(segment, tuple(map(_word, words)), _how(words, transcript), len(others) < len(near), others,
                   tuple(notes), tuple(old_words_of(excerpt) for excerpt in old))


def old_words_of(excerpt: ClearedExcerpt) -> OldWords:
    """Both texts of an excerpt that is flagged."""
    now = excerpt.changed_text or ""
    return OldWords(excerpt, now, anchor.hash_of(now))


def words_seen(excerpt: ClearedExcerpt) -> str:
    """The hash of an excerpt's own words, for whoever says that they heard these."""
    return anchor.hash_of(excerpt.text)


def _word(word: Word) -> PassageWord:
    text = word.text.lstrip()
    return PassageWord(text, word.text[:len(word.text) - len(text)], word.start_ms, word.end_ms,
                       word.probability is not None and word.probability < _UNSURE)


def heard_in_words(transcript: ClearedTranscript) -> str:
    """How much has been heard: 3 of 12 passages have been heard."""
    hows = [_how(words_of([segment]), transcript) for segment in transcript.segments]
    count = hows.count("heard")
    if not hows:
        return ""
    if count == len(hows):
        return "Every passage has been heard."
    if count == 0:
        return "No passage has been heard to its end yet."
    return f"{count} of {len(hows)} passages have been heard."


def _how(words: Sequence[Word], transcript: ClearedTranscript) -> str:
    count = sum(is_heard(word, transcript.heard) for word in words)
    return "heard" if words and count == len(words) else "partly" if count else "not"
