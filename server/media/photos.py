"""Everything the product does with photos: check one at arrival, and make the copy that people are shown.

The copy is drawn afresh from the pixels, so nothing that a camera or an editor wrote beside them (place, time,
names, thumbnails, colour profile) can be in it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile

from server.domain.errors import EmptyFile, ImageDamaged, ImageTooLarge, UnsupportedImage
from server.media.covering import covered
from server.media.facts import PhotoFacts

MAX_PIXELS = 50_000_000
JPEG_QUALITY = 85
IS_MOVING = "This is a moving picture. Send a photo."
SEND_PLAIN = "Send a signature or a photo of paper as JPEG or PNG."
SAYS_WHERE = "This picture says where it was taken. Send a copy without its place."
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
_MAY_MOVE = ("PNG", "WEBP")  # several pictures in a JPEG or HEIC are views of one moment
_SRGB = ImageCms.createProfile("sRGB")
_EXIF_ORIENTATION = 0x0112
_EXIF_GPS = 0x8825
_XMP_PLACE = b"GPSLatitude"  # XMP specification part 2, exif:GPSLatitude
# How to turn the stored pixels upright, by EXIF orientation (EXIF 2.32, tag 274)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class DerivedPhoto:
    """The copy for people to see: the bytes of a JPEG in sRGB with no metadata, and its size in pixels."""

    data: bytes
    width: int
    height: int
    content_type: str = "image/jpeg"


def check(source: BinaryIO) -> PhotoFacts:
    """Decode every pixel of a photo that arrived.

    Raises EmptyFile, UnsupportedImage (by content, whatever its name), ImageTooLarge (told by the header, before
    anything is unpacked) or ImageDamaged (also when only the last part is missing).
    """
    with _opened(source) as image:
        content_type = _CONTENT_TYPES[str(image.format).replace("MPO", "JPEG")]
        image.load()
        width, height = image.size
        if _orientation(image) >= 5:
            width, height = height, width
        return PhotoFacts(content_type, width, height)


def check_evidence(source: BinaryIO) -> PhotoFacts:
    """As `check`, for a picture that is kept as it was sent, since it is named by its hash.

    Raises UnsupportedImage also for anything but JPEG and PNG, and for one that says where it was taken.
    """
    facts = check(source)
    if facts.content_type not in ("image/jpeg", "image/png"):
        raise UnsupportedImage(SEND_PLAIN)
    if _says_where(source):
        raise UnsupportedImage(SAYS_WHERE)
    return facts


def derive(source: BinaryIO, *, longest_edge: int = 1600, regions: Sequence[Sequence[int]] = ()) -> DerivedPhoto:
    """Make the copy for people to see: upright, at most `longest_edge` pixels long, its `regions` covered (see
    `server.media.covering`). Errors as in `check`."""
    with _opened(source) as image:
        orientation, profile = _orientation(image), image.info.get("icc_profile")
        image.draft("RGB", (longest_edge, longest_edge))
        small = _with_levels(image)
        small.thumbnail((longest_edge, longest_edge))
        copy = _in_srgb(_without_transparency(small), profile)
        if orientation in _UPRIGHT:
            copy = copy.transpose(_UPRIGHT[orientation])
        clean = Image.new("RGB", copy.size)
        clean.paste(covered(copy, regions))
        sink = BytesIO()
        clean.save(sink, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return DerivedPhoto(sink.getvalue(), clean.width, clean.height)


@contextmanager
def _opened(source: BinaryIO) -> Iterator[ImageFile]:
    """The photo with its header read. Whatever Pillow says while it is used becomes one of our refusals."""
    kind = _kind_of(source)
    try:
        with Image.open(source, formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ImageTooLarge
            if kind in _MAY_MOVE and getattr(image, "is_animated", False):
                raise UnsupportedImage(IS_MOVING)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageTooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError) as error:
        raise ImageDamaged from error


def _kind_of(source: BinaryIO) -> str:
    """Pillow's name for the format, told by the first bytes."""
    if source.seek(0, SEEK_END) == 0:
        raise EmptyFile
    source.seek(0)
    head = source.read(16)
    source.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "HEIF"
    raise UnsupportedImage


def _orientation(image: ImageFile) -> int:
    """EXIF orientation 1 to 8; 1 when there is none, or when the EXIF block cannot be read."""
    try:
        value = image.getexif().get(_EXIF_ORIENTATION, 1)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError):
        return 1
    return value if value in _UPRIGHT else 1


def _says_where(source: BinaryIO) -> bool:
    """Whether a place stands in the EXIF block, in one that cannot be read, or in XMP, plain or packed as PNG text."""
    with _opened(source) as image:
        image.load()
        try:
            if image.getexif().get_ifd(_EXIF_GPS):
                return True
        except (SyntaxError, ValueError, KeyError, TypeError, OSError):
            return True
        texts = [value.encode() if isinstance(value, str) else value for value in image.info.values()]
    source.seek(0)
    return any(_XMP_PLACE in text for text in (*texts, source.read()) if isinstance(text, bytes))


def _with_levels(image: Image.Image) -> Image.Image:
    """Palette colours cannot be blended, and sixteen-bit grey cannot be saved: both become eight-bit levels."""
    if image.mode in ("1", "P", "PA"):
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L")
    return image


def _without_transparency(image: Image.Image) -> Image.Image:
    """See-through parts become white."""
    if not image.has_transparency_data:
        return image
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image in RGB, its colours moved from its own profile to sRGB when the profile can be read."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            moved = ImageCms.profileToProfile(image, own, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            moved = None
        if moved:
            return moved
    return image.convert("RGB")
