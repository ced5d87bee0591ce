"""Photos made for tests: red above, blue below, and whatever a camera writes beside the pixels."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

pillow_heif.register_heif_opener()
CANARIES = (b"CANARY", b"<x:xmpmeta", b"Exif", b"ICC_PROFILE", b"GPS", b"Mill Lane")
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARY-xmp at 12 Mill Lane</x:xmpmeta>"


def picture(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Red in the upper half, blue in the lower."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (0, height // 2, width, height))
    return image.convert(mode)


def exif_of(orientation: int = 1) -> Image.Exif:
    """What a phone writes: maker, time, orientation, and the place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x0112] = "CANARY-maker", "2026:01:02 03:04:05", orientation
    exif.get_ifd(0x8769)[0x927C] = b"CANARY-maker-note"
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(51), IFDRational(30), IFDRational(1)), 29: "CANARY-gps"})
    return exif


def photo(kind: str, image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A photo of this kind ("JPEG", "PNG", "WEBP", "HEIF") with every sort of metadata that it can carry."""
    sink = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    extra: dict[str, object] = {"exif": exif_of(orientation).tobytes(), "icc_profile": profile}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "CANARY-comment")
        words.add_itxt("XML:com.adobe.xmp", XMP.decode())
        extra["pnginfo"] = words
    else:
        extra["xmp"] = XMP
    if kind == "JPEG":
        extra["comment"] = b"CANARY-comment"
    (image or picture()).save(sink, kind, **extra)
    return sink.getvalue()


def png_bomb(width: int = 65_000, height: int = 65_000) -> bytes:
    """A few kilobytes that say they are 65,000 pixels each way."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def animation(frames: int, kind: str = "PNG") -> bytes:
    """An animated PNG or WebP."""
    sink = io.BytesIO()
    pictures = [Image.new("RGB", (8, 8), (level % 256, level // 256, 0)) for level in range(frames)]
    pictures[0].save(sink, kind, save_all=True, append_images=pictures[1:], lossless=True)
    return sink.getvalue()
