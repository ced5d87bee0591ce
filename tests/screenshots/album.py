"""Pictures on their way to `docs/images`, in few colours so that they are small."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.e2e.installation import ROOT

GAP = 24
GROUND = "#e9e4dc"


class Album:
    """A folder of PNG files, named by what they show."""

    def __init__(self, folder: Path = ROOT / "docs" / "images") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, *, top: Locator | None = None) -> None:
        """A picture of what is in the window; with `top`, scrolled so that this stands at its top."""
        page.wait_for_load_state("networkidle")
        if top is not None:
            top.evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top + scrollY - 24)")
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(300)
        self._keep(Image.open(BytesIO(page.screenshot())), name)
        print(f"docs/images/{name}.png", flush=True)

    def put_side_by_side(self, name: str, parts: tuple[str, ...], height: int) -> None:
        """Pictures that were taken before, in a row, each `height` pixels high."""
        pictures = [Image.open(self._folder / f"{part}.png").convert("RGB") for part in parts]
        sized = [picture.resize((round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS)
                 for picture in pictures]
        row = Image.new("RGB", (sum(each.width + GAP for each in sized) + GAP, height + 2 * GAP), GROUND)
        across = GAP
        for each in sized:
            row.paste(each, (across, GAP))
            across += each.width + GAP
        self._keep(row, name)

    def count(self) -> int:
        return len(list(self._folder.glob("*.png")))

    def size(self) -> int:
        """Bytes in all."""
        return sum(path.stat().st_size for path in self._folder.glob("*.png"))

    def _keep(self, picture: Image.Image, name: str) -> None:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(self._folder / f"{name}.png", optimize=True)
