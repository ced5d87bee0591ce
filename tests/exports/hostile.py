"""Words and names as somebody might say or type them to break a file, and segments made of them."""

from hypothesis import strategies as st

from server.domain.transcript import Segment, SpokenBy, Word

NASTY = (
    "-->", "- >", "--  >", "00:00:01.000 --> 00:00:02.000", "00:00:01,000 - > 00:00:02,000", "NOTE", "WEBVTT", "STYLE",
    "<script>alert(1)", "</v>", "<v Ann>", "<c.red>", "&", "&lt;", "&amp;#x202e;", "{\\an8}", "[00:00:05]", ":", "=1+1",
    "\n\n", "\r\n", "\u2028", "\u0085", "\0", "\x1b[31m", "1", "7\n", "", " ", "\ufeff", "\u202eabc", "\u2066",
    "😔", "\U0001f469\u200d\U0001f467", "é", "e\u0301", "مرحبا", "שלום", "你好", "Tŷ",
)
WORDS = st.lists(st.sampled_from(NASTY) | st.text(max_size=12), min_size=1, max_size=30)
NAMES = st.sampled_from(("", " ", *NASTY)) | st.text(max_size=20)


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, ...]:
    """Some segments one after another, with word times or without, of somebody or nobody."""
    found, at = [], 0
    for _ in range(draw(st.integers(0, 4))):
        words = []
        for number, text in enumerate(draw(WORDS)):
            starts = at + draw(st.sampled_from((0, 0, 200, 2_500)))
            at = starts + draw(st.sampled_from((0, 300, 900, 8_000)))
            words.append(Word(f" {text}" if number else text, starts, at, 0.5))
        whole = "".join(word.text for word in words)
        timed = tuple(words) if draw(st.booleans()) else ()
        speaker = SpokenBy("1", draw(NAMES), draw(st.booleans())) if draw(st.booleans()) else None
        found.append(Segment(whole, words[0].start_ms, at, timed, speaker=speaker,
                             language=draw(st.sampled_from(("", "en", "cy")))))
    return tuple(found)

