"""A QR code as the parts of an inline SVG drawing, which needs no style and no second address."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4


@dataclass(frozen=True)
class QrCode:
    """`size` is the side in modules with the quiet zone; `path` draws the dark modules, one unit each."""

    size: int
    path: str


def draw(text: str) -> QrCode:
    """The text as a QR code (ISO/IEC 18004) with medium error correction."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix_iter(border=QUIET_ZONE)]
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return QrCode(len(rows), "".join(dark))
