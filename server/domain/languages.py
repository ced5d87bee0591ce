"""The languages that a consent wording and a guide can be written in, by name. Codes are BCP 47.

What is spoken is called by Whisper's codes instead, one of which BCP 47 does not have: `tag_of` has the tag for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MAIN = "en"


@dataclass(frozen=True)
class Language:
    """`own_name` is what its speakers call it. `direction` is the value of HTML's `dir`."""

    code: str
    name: str
    own_name: str
    direction: str = "ltr"


_RIGHT_TO_LEFT = "rtl"
_KNOWN = (
    Language("en", "English", "English"),
    Language("cy", "Welsh", "Cymraeg"),
    Language("ur", "Urdu", "اردو", _RIGHT_TO_LEFT),
    Language("ar", "Arabic", "العربية", _RIGHT_TO_LEFT),
    Language("bn", "Bengali", "বাংলা"),
    Language("zh-Hans", "Chinese, simplified", "简体中文"),
    Language("zh-Hant", "Chinese, traditional", "繁體中文"),
    Language("fr", "French", "Français"),
    Language("gu", "Gujarati", "ગુજરાતી"),
    Language("hi", "Hindi", "हिन्दी"),
    Language("ga", "Irish", "Gaeilge"),
    Language("it", "Italian", "Italiano"),
    Language("ckb", "Kurdish, Sorani", "کوردیی ناوەندی", _RIGHT_TO_LEFT),
    Language("ps", "Pashto", "پښتو", _RIGHT_TO_LEFT),
    Language("fa", "Persian", "فارسی", _RIGHT_TO_LEFT),
    Language("pl", "Polish", "Polski"),
    Language("pt", "Portuguese", "Português"),
    Language("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    Language("ro", "Romanian", "Română"),
    Language("gd", "Scottish Gaelic", "Gàidhlig"),
    Language("so", "Somali", "Soomaali"),
    Language("es", "Spanish", "Español"),
    Language("ta", "Tamil", "தமிழ்"),
    Language("ti", "Tigrinya", "ትግርኛ"),
    Language("tr", "Turkish", "Türkçe"),
    Language("uk", "Ukrainian", "Українська"),
    Language("vi", "Vietnamese", "Tiếng Việt"),
    Language("yi", "Yiddish", "ייִדיש", _RIGHT_TO_LEFT),
)
LANGUAGES: Mapping[str, Language] = {language.code: language for language in _KNOWN}
_OTHER_TAGS = {"jw": "jv"}  # Javanese, which ISO 639:1988 had as "jw" by mistake


def language_of(code: str) -> Language:
    """The language; one that is not in the list is called by its code."""
    return LANGUAGES.get(code) or Language(code, code, code)


def tag_of(code: str) -> str:
    """The BCP 47 tag, as HTML and WebVTT want it, of a language that Whisper has this code for."""
    return _OTHER_TAGS.get(code, code)


def in_order(code: str) -> tuple[int, str]:
    """What languages are sorted by: as in the list, then any others by their codes."""
    codes = list(LANGUAGES)
    return (codes.index(code) if code in LANGUAGES else len(codes)), code
