"""What must be true of every page, so that it is safe and can be read by anybody."""

from html.parser import HTMLParser

_CONTROLS = {"input", "select", "textarea"}
_NEED_NO_LABEL = {"hidden", "submit", "button", "image"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.title = ""
        self.headings = 0
        self.unsafe: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str]] = []
        self.ids: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._inside.append(tag)
        self.language = found.get("lang", "") if tag == "html" else self.language
        self.headings += tag == "h1"
        self.ids += [found["id"]] if "id" in found else []
        self.unsafe += [f"<{tag} {name}>" for name in found if name == "style" or name.startswith("on")]
        self.unsafe += [f"<{tag} {value}>" for name, value in found.items()
                        if name in ("href", "src", "action") and value.strip().lower().startswith("javascript:")]
        if tag == "label" and "for" in found:
            self.labelled.add(found["for"])
        if tag in _CONTROLS and found.get("type") not in _NEED_NO_LABEL:
            self.controls.append({**found, "inside_label": "yes" if "label" in self._inside else ""})
        if tag in ("style",) or (tag == "script" and "src" not in found):
            self.unsafe.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "title" and "svg" not in self._inside:
            self.title += data


def assert_sound(response) -> None:  # type: ignore[no-untyped-def]
    """The page has a language, a title, one main heading, labels, no id twice, and nothing that the CSP would stop."""
    page = _Page()
    page.feed(response.get_data(as_text=True))
    assert page.language == "en"
    assert len(page.title.replace("– Earshot", "").strip()) > 2, "the page has no title of its own"
    assert page.headings == 1
    assert page.unsafe == []
    assert len(page.ids) == len(set(page.ids)), "an id is there twice"
    for control in page.controls:
        named = control.get("aria-label") or control.get("aria-labelledby") or control["inside_label"]
        assert named or control.get("id") in page.labelled, f"no label: {control}"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
