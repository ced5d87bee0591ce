"""Which stories of a list are shown. A filter looks only at what is left of a story once it is cleared."""

from dataclasses import dataclass

from server.domain.consent import Content


@dataclass(frozen=True)
class StoryFilter:
    """What a list of stories leaves out. None leaves out nothing.

    `theme_id` is a theme on any part, `has` a kind of content that there is some of; words are a transcript.
    """

    theme_id: str | None = None
    place: str | None = None
    has: Content | None = None
