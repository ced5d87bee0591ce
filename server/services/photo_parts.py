"""Themes on parts of a photo. They are the team's; whoever else may have the photo has them as themes of the whole."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.domain import photo_region
from server.domain.access import Permission, Viewer, require
from server.domain.cleared import ClearedPhoto, ClearedTagging, ClearedTheme
from server.domain.consent import Audience
from server.domain.errors import Invalid
from server.domain.photo_region import MOST_REGIONS, Region
from server.domain.theme import Taggable
from server.services import clearing, taggings
from server.services.taggings import Part

_TOO_MANY = f"A photo can have themes on {MOST_REGIONS} parts. Take one away first."
_CHOOSE = "Choose a theme, or write a new one."


@dataclass(frozen=True)
class PhotoPart:
    """A part of a photo by its number, from 1, with who put which theme on it. `number_at` is where its number is drawn
    on the photo, in thousandths of its width and height."""

    number: int
    region: Region
    number_at: tuple[int, int]
    taggings: tuple[ClearedTagging, ...]

    @property
    def key(self) -> str:
        """The region as it is kept."""
        return photo_region.written(self.region)

    @property
    def themes(self) -> tuple[ClearedTheme, ...]:
        """Each once."""
        return tuple(dict.fromkeys(tagging.theme for tagging in self.taggings))


def parts_of(photo: ClearedPhoto, person_id: str = "") -> tuple[PhotoPart, ...]:
    """The parts of a photo that have themes, of everybody or of one person; none for whoever is not told who put them
    there."""
    by_region: dict[Region, list[ClearedTagging]] = {}
    for tagging in photo.taggings:
        if tagging.region and person_id in ("", tagging.person_id):
            by_region.setdefault(photo_region.read(tagging.region), []).append(tagging)
    regions = photo_region.in_order(by_region)
    return tuple(PhotoPart(number, region, at, tuple(by_region[region]))
                 for number, (region, at) in enumerate(zip(regions, photo_region.corners(regions), strict=True), 1))


def get(session: Session, viewer: Viewer, photo_id: str) -> ClearedPhoto:
    """A photo for whoever may put themes on it. Raises NotFound."""
    photo = clearing.get_photo(session, viewer, photo_id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, photo.project_id)
    return photo


def add(session: Session, viewer: Viewer, photo_id: str, region: Region, theme_ids: Collection[str],
        new_theme: str = "") -> None:
    """Put themes on a part of a photo, beside those it has. Raises NotFound, and Invalid for no theme, for a bad name
    and for too many parts."""
    photo = get(session, viewer, photo_id)
    if not theme_ids and not new_theme.strip():
        raise Invalid(_CHOOSE, fields={"new_theme": _CHOOSE})
    others = {tagging.region for tagging in photo.taggings} - {"", photo_region.written(region)}
    if len(others) >= MOST_REGIONS:
        raise Invalid(_TOO_MANY, fields={"left": _TOO_MANY})
    taggings.add(session, viewer, Part(Taggable.PHOTO, photo_id, photo_region.written(region)), theme_ids, new_theme)


def take_off(session: Session, viewer: Viewer, photo_id: str, region: Region, theme_id: str) -> None:
    """Take a theme off a part of a photo; what is on the rest of it stays. Raises NotFound."""
    part = Part(Taggable.PHOTO, photo_id, photo_region.written(region))
    taggings.put(session, viewer, part, seen=[theme_id], wanted=[])
