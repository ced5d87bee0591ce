"""The part of the demo that rests on its transcripts: excerpts, themes on things, provocations and collections."""

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import anchor, excerpt, passage
from server.domain.access import Role, Viewer
from server.domain.collection import Collectable, CollectionText
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.provocation import ProvocationText
from server.domain.theme import Taggable, ThemeText
from server.domain.work import Held
from server.models.collection import Collection
from server.models.provocation import Provocation
from server.services import (
    clearing,
    collection_shares,
    collections,
    demo,
    excerpts,
    heard,
    provocations,
    taggings,
    theme_moves,
    themes,
    work,
)
from server.services.excerpts import Chosen


def complete(session: Session, project_id: str, held: Held) -> None:
    """Make all of it and finish the job. What was withdrawn or not understood in the meantime is left out."""
    work.hold(session, held)
    made = demo.content()
    commissioner = demo.viewer_of_role(session, project_id, Role.COMMISSIONER)
    maker = _Maker(session, commissioner, project_id)
    for theme in made["themes"]:
        maker.theme(theme)
    for story in made["stories"]:
        maker.story(story)
    for provocation in made["provocations"]:
        maker.provocation(provocation)
    for collection in made["collections"]:
        maker.collection(collection)
    work.finish(session, held)


class _Maker:
    """Does what a commissioner does, and remembers the parts by their keys."""

    def __init__(self, session: Session, commissioner: Viewer, project_id: str) -> None:
        self._session, self._viewer, self._project_id = session, commissioner, project_id
        self._parts: dict[str, taggings.Part] = {}

    def theme(self, made: dict[str, Any]) -> None:
        """Each stands after what it is under."""
        theme_id = themes.find_or_create(self._session, self._viewer, self._project_id, made["name"])
        theme = themes.get_to_change(self._session, self._viewer, theme_id)
        said = {name: made.get(name, was) for name, was in asdict(theme.text).items()}
        themes.change(self._session, self._viewer, theme_id, ThemeText(**said), theme.version)
        if "under" in made:
            under = themes.find_or_create(self._session, self._viewer, self._project_id, made["under"])
            theme_moves.move(self._session, self._viewer, theme_id, under)

    def story(self, made: dict[str, Any]) -> None:
        for recording in made.get("recordings", ()):
            for chosen in recording.get("excerpts", ()):
                with suppress(NotFound):
                    self._excerpt(demo.demo_id("recording", recording["key"]), chosen)
        for quote in made.get("quotes", ()):
            self._tag(Taggable.QUOTE, quote)
        for photo in made.get("photos", ()):
            self._tag(Taggable.PHOTO, photo)

    def provocation(self, made: dict[str, Any]) -> None:
        if self._session.scalar(select(Provocation.id).where(Provocation.question == made["question"])):
            return
        text = ProvocationText(made["question"], made.get("introduction", ""), made.get("content_note", ""))
        card = provocations.make(self._session, self._viewer, self._project_id, text)
        for key in made["evidence"]:
            part = self._parts.get(key)
            if part is not None:
                with suppress(NotFound):
                    provocations.add_evidence(self._session, self._viewer, card.id, part.kind, part.id)
        with suppress(Invalid):
            provocations.publish(self._session, self._viewer, card.id)

    def collection(self, made: dict[str, Any]) -> None:
        if self._session.scalar(select(Collection.id).where(Collection.name == made["name"])):
            return
        text = CollectionText(made["name"], made["description"])
        collection_id = collections.make(self._session, self._viewer, self._project_id, text, made.get("search"))
        for key in made.get("items", ()):
            part = self._parts.get(key)
            if part is not None:
                with suppress(NotFound):
                    collections.add(self._session, self._viewer, collection_id, Collectable(part.kind.value), part.id)
        readers = [demo.viewer_of_role(self._session, self._project_id, Role(role)).person_id
                   for role in made.get("shared_with", ())]
        collection_shares.share(self._session, self._viewer, collection_id, readers, [])

    def _excerpt(self, recording_id: str, made: dict[str, Any]) -> None:
        recording = clearing.get_recording(self._session, self._viewer, recording_id, Audience.COMMISSIONERS)
        spoken = excerpt.words_of(recording.transcript.segments) if recording.transcript else ()
        place = passage.find(spoken, made["words"])
        if place is None:
            return
        cleared = excerpts.make(self._session, self._viewer, Chosen(recording_id, *place), self._themes(made))
        heard.listened_to_excerpt(self._session, self._viewer, cleared.id, anchor.hash_of(cleared.text))
        self._parts[made["key"]] = taggings.Part(Taggable.EXCERPT, cleared.id)

    def _tag(self, kind: Taggable, made: dict[str, Any]) -> None:
        part = taggings.Part(kind, demo.demo_id(kind, made["key"]))
        with suppress(NotFound):
            taggings.add(self._session, self._viewer, part, self._themes(made))
            self._parts[made["key"]] = part

    def _themes(self, made: dict[str, Any]) -> list[str]:
        return [themes.find_or_create(self._session, self._viewer, self._project_id, name)
                for name in made.get("themes", ())]
