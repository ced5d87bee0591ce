"""Notes that the team writes on things, for itself: no board, no analyst, no export and no participant has them.

A note on a story or on a part of one can name somebody, so it is shown where that part is cleared for the team, without
what is withheld of the story, and goes with it: also where the words alone stay. Whoever wrote it may change it;
everybody of the team may delete it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, false, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may, require
from server.domain.audit import Action
from server.domain.bookmark import Bookmark, Turn
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.note import Notable, checked_text
from server.domain.theme import Taggable
from server.domain.versions import compare
from server.models.collection import Collection
from server.models.note import Note
from server.models.people import Person
from server.models.provocation import Provocation
from server.models.story import Photo, Story
from server.models.theme import Theme
from server.services import audit, clearing, collections, locks, provocations, themes, turning, withholding
from server.services.clearances import ANYTHING, asked_for, may_have

_OF_TEAM = (Notable.THEME.value, Notable.PROVOCATION.value)


@dataclass(frozen=True)
class ShownNote:
    """A note as the team reads it. `about` names the thing: whose story, which theme, which question.

    `story_id` is None for what is of no story. `is_own`: whoever asks wrote it.
    """

    id: str
    kind: Notable
    subject_id: str
    project_id: str
    story_id: str | None
    about: str
    text: str
    by: str
    made_at: datetime
    changed_at: datetime | None
    version: int
    is_own: bool


@dataclass(frozen=True)
class NoteSubject:
    """What a note is on."""

    kind: Notable
    id: str
    project_id: str
    story_id: str | None
    about: str


@dataclass(frozen=True)
class NotePage:
    """One page of a project's notes, the newest first. `people` are all who wrote any, by id and name."""

    notes: list[ShownNote]
    newer: Bookmark | None
    older: Bookmark | None
    people: list[tuple[str, str]]


def get_subject(session: Session, viewer: Viewer, kind: Notable, subject_id: str) -> NoteSubject:
    """What notes can be put on, for somebody of the team. Raises NotFound."""
    found = _found(session, viewer, kind, subject_id)
    require(viewer, Permission.TAG, found.project_id)
    return found


def list_on(session: Session, viewer: Viewer, kind: Notable, subject_id: str) -> list[ShownNote]:
    """The notes on one thing, the first written first. Raises NotFound."""
    found = get_subject(session, viewer, kind, subject_id)
    query = select(Note).where(Note.kind == kind.value, Note.subject_id == found.id)
    return _shown(session, viewer, session.scalars(query.order_by(Note.made_at, Note.id)).all())


def of_story(session: Session, viewer: Viewer, story: ClearedStory) -> dict[str, list[ShownNote]]:
    """The notes on a story and on those of its parts that the team may have, by the id of each."""
    require(viewer, Permission.TAG, story.project_id)
    ids = {story.id, *(part.id for part in story.parts)}
    query = select(Note).where(Note.story_id == story.id).order_by(Note.made_at, Note.id)
    found: defaultdict[str, list[ShownNote]] = defaultdict(list)
    for note in _shown(session, viewer, [row for row in session.scalars(query) if row.subject_id in ids]):
        found[note.subject_id].append(note)
    return dict(found)


def get(session: Session, viewer: Viewer, note_id: str) -> ShownNote:
    """Raises NotFound."""
    return _shown(session, viewer, [_row(session, viewer, note_id)])[0]


def get_own(session: Session, viewer: Viewer, note_id: str) -> ShownNote:
    """A note for whoever wrote it, who may change it. Raises NotFound for everybody else."""
    found = get(session, viewer, note_id)
    if not found.is_own:
        raise NotFound
    return found


def get_page(session: Session, viewer: Viewer, project_id: str, by: str | None, to: Turn) -> NotePage:
    """A page of the project's notes, of everybody or of one person. Raises NotFound."""
    require(viewer, Permission.TAG, project_id)
    own = Note.project_id == project_id, _may_be_read(viewer, project_id)
    leaf = turning.turn(session, [*own, Note.made_by == by] if by else own, to, turning.NOTES)
    rows = {row.id: row for row in session.scalars(select(Note).where(Note.id.in_(leaf.ids)))}
    # First whoever wrote any, who are few: only then is looked for one of each that may be read.
    writers = session.scalars(select(Note.made_by).where(Note.project_id == project_id).distinct()).all()
    people = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(writers), exists().where(*own, Note.made_by == Person.id))
        .order_by(Person.name, Person.id))
    return NotePage(_shown(session, viewer, [rows[one] for one in leaf.ids]), leaf.newer, leaf.older,
                    [(person_id, name) for person_id, name in people])


def add(session: Session, viewer: Viewer, kind: Notable, subject_id: str, text: str) -> str:
    """Put a note on a thing; its id. Raises NotFound, and Invalid when it is empty or too long."""
    found = get_subject(session, viewer, kind, subject_id)
    if found.story_id:
        locks.take_story(session, found.story_id)
    elif kind is Notable.THEME:
        # Nobody merges it into another until this is done.
        held = select(Theme).where(Theme.id == found.id).with_for_update(read=True)
        session.scalars(held.execution_options(populate_existing=True)).one()
    found = get_subject(session, viewer, kind, subject_id)  # somebody may have withdrawn or merged it meanwhile
    row = Note(id=new_id(), project_id=found.project_id, story_id=found.story_id, kind=kind.value,
               subject_id=found.id, text=checked_text(text), made_by=viewer.person_id, made_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    _note(session, viewer, Action.MADE, row)
    return row.id


def change(session: Session, viewer: Viewer, note_id: str, text: str, seen: int | None) -> None:
    """Write a note of one's own again, from the version that was seen; what is withheld in it stays under what stands
    for it. Raises NotFound, Invalid, VersionMissing and VersionConflict."""
    row = _with_turn(session, viewer, note_id)
    if row.made_by != viewer.person_id:
        raise NotFound
    held, wanted = _held(session, row), checked_text(text)
    if row.version == seen:
        kept = withholding.written(held.everywhere, row.text, wanted, "text")
        changed = session.scalar(update(Note).where(Note.id == row.id, Note.version == seen).values(
            text=kept, version=Note.version + 1, changed_at=datetime.now(UTC)).returning(Note.id))
        if changed is not None:
            session.refresh(row)
            _note(session, viewer, Action.CHANGED, row)
            return
    session.refresh(row)
    compare(seen, {"text": wanted}, {"text": held.text(row.text)}, row.version)


def delete_note(session: Session, viewer: Viewer, note_id: str) -> ShownNote:
    """Let go of a note; as it was. Raises NotFound."""
    row = _with_turn(session, viewer, note_id)
    [was] = _shown(session, viewer, [row])
    session.delete(row)
    session.flush()
    _note(session, viewer, Action.REMOVED, row)
    return was


def move(session: Session, from_id: str, to_id: str) -> None:
    """Put the notes on one thing on another of its kind, of the same project: a theme into which it was merged."""
    session.execute(update(Note).where(Note.subject_id == from_id).values(subject_id=to_id))


def forget(session: Session, subject_id: str) -> None:
    """Delete the notes on a thing that goes."""
    session.execute(delete(Note).where(Note.subject_id == subject_id))


def _note(session: Session, viewer: Viewer, action: Action, row: Note) -> None:
    of_story = {"story": row.story_id} if row.story_id else {}
    audit.note(session, viewer.person_id, action, "note", row.id, row.project_id, on=row.subject_id, **of_story)


def _found(session: Session, viewer: Viewer, kind: Notable, subject_id: str) -> NoteSubject:
    match kind:
        case Notable.THEME:
            theme = themes.get_to_change(session, viewer, subject_id)
            return NoteSubject(kind, theme.id, theme.project_id, None, theme.name)
        case Notable.PROVOCATION:
            card = provocations.get_to_change(session, viewer, subject_id)
            return NoteSubject(kind, card.id, card.project_id, None, card.text.question)
        case Notable.COLLECTION:
            had = collections.get(session, viewer, subject_id)
            return NoteSubject(kind, had.id, had.project_id, None, had.text.name)
        case Notable.STORY:
            story = clearing.get_story(session, viewer, subject_id, Audience.COMMISSIONERS, clearing.Words.NONE)
            return NoteSubject(kind, story.id, story.project_id, story.id, story.pseudonym)
        case _:
            part = clearing.get_part(session, viewer, Taggable(kind.value), subject_id, Audience.COMMISSIONERS)
            return NoteSubject(kind, part.id, part.project_id, part.story_id, part.pseudonym)


def _row(session: Session, viewer: Viewer, note_id: str) -> Note:
    """A note that the viewer may read, found with one statement whether there is one or not. Raises NotFound."""
    reach = or_(false(), *(
        and_(Note.project_id == project_id, _may_be_read(viewer, project_id))
        for project_id in sorted(viewer.roles) if may(viewer, Permission.TAG, project_id)))
    row = session.scalar(select(Note).where(Note.id == note_id, reach).execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def _with_turn(session: Session, viewer: Viewer, note_id: str) -> Note:
    """A note as it is once nobody else changes its story. Raises NotFound."""
    row = _row(session, viewer, note_id)
    if row.story_id:
        locks.take_story(session, row.story_id)
        row = _row(session, viewer, note_id)
    return row


def _may_be_read(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: what the note is on is the team's own, a collection that this person has, or a part of a story that is
    cleared for the team. Raises NotFound for whoever is not of the team."""
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)

    def of(kinds: Sequence[Notable], content: Content, *more: ColumnElement[bool]) -> ColumnElement[bool]:
        return and_(Note.kind.in_([kind.value for kind in kinds]),
                    exists().where(Story.id == Note.story_id, may_have(Story.id, asked, content)), *more)

    has_copy = exists().where(Photo.id == Note.subject_id, Photo.derivative_sha256.is_not(None))
    had = Note.subject_id.in_(select(Collection.id).where(collections.had_by(viewer)))
    return or_(Note.kind.in_(_OF_TEAM), and_(Note.kind == Notable.COLLECTION.value, had),
               of((Notable.STORY, Notable.QUOTE), ANYTHING),
               of((Notable.EXCERPT,), Content.WORDS), of((Notable.PHOTO,), Content.PHOTO, has_copy))


def _held(session: Session, row: Note) -> withholding.OfStory:
    return withholding.of_story(session, row.story_id) if row.story_id else withholding.NOTHING


def _shown(session: Session, viewer: Viewer, rows: Sequence[Note]) -> list[ShownNote]:
    """These notes, in this order, without what is withheld. The caller has asked who may read them."""
    if not rows:
        return []
    about = _about(session, rows)
    held = withholding.of_stories(session, {row.story_id for row in rows if row.story_id})
    writers = select(Person.id, Person.name).where(Person.id.in_({row.made_by for row in rows}))
    names = {person_id: name for person_id, name in session.execute(writers)}
    return [ShownNote(row.id, Notable(row.kind), row.subject_id, row.project_id, row.story_id,
                      about.get(row.story_id or row.subject_id, ""),
                      held.get(row.story_id or "", withholding.NOTHING).text(row.text), names.get(row.made_by, ""),
                      row.made_at, row.changed_at, row.version, row.made_by == viewer.person_id) for row in rows]


def _about(session: Session, rows: Sequence[Note]) -> dict[str, str]:
    """What each of the things is called, by its id, or the id of its story."""
    stories = session.scalars(select(Story).where(Story.id.in_({row.story_id for row in rows if row.story_id}))).all()
    others = {row.subject_id for row in rows if not row.story_id}
    found = {story_id: name for story_id, (name, _) in withholding.names_of(session, stories).items()}
    if others:
        for query in (select(Theme.id, Theme.name).where(Theme.id.in_(others)),
                      select(Provocation.id, Provocation.question).where(Provocation.id.in_(others)),
                      select(Collection.id, Collection.name).where(Collection.id.in_(others))):
            found |= {subject_id: name for subject_id, name in session.execute(query)}
    return found
