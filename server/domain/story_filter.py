"""Which stories of a list are shown. A filter looks only at what is left of a story once it is cleared."""

from dataclasses import dataclass

from server.domain.cleared import ClearedStory
from server.domain.consent import Content


@dataclass(frozen=True)
class StoryFilter:
    """What a list of stories leaves out. None leaves out nothing."""

    theme_id: str | None = None
    place: str | None = None
    has: Content | None = None

    def passes(self, story: ClearedStory) -> bool:
        """Whether the story is shown. A theme on a part that is not cleared does not count."""
        if self.place is not None and story.place != self.place:
            return False
        if self.theme_id is not None and not any(theme.id == self.theme_id for part in story.parts
                                                 for theme in part.themes):
            return False
        return self.has is None or _has(story, self.has)


def _has(story: ClearedStory, content: Content) -> bool:
    """Whether there is anything of this kind. Words are a transcript, or an excerpt of one."""
    match content:
        case Content.AUDIO:
            return bool(story.recordings)
        case Content.QUOTE:
            return bool(story.quotes)
        case Content.PHOTO:
            return bool(story.photos)
        case Content.WORDS:
            return bool(story.excerpts) or any(recording.transcript for recording in story.recordings)
