"""What a project says of its recordings before they are written down: which languages are spoken, and what in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.errors import Invalid
from server.domain.fields import storable
from server.domain.languages import LANGUAGES

WORDS_ALLOWED = 100
WORD_LETTERS = 60

# By the codes that Whisper's multilingual models have for them.
SPOKEN: Mapping[str, str] = {
    "af": "Afrikaans", "sq": "Albanian", "am": "Amharic", "ar": "Arabic", "hy": "Armenian", "as": "Assamese",
    "az": "Azerbaijani", "ba": "Bashkir", "eu": "Basque", "be": "Belarusian", "bn": "Bengali", "bs": "Bosnian",
    "br": "Breton", "bg": "Bulgarian", "my": "Burmese", "ca": "Catalan", "zh": "Chinese", "hr": "Croatian",
    "cs": "Czech", "da": "Danish", "nl": "Dutch", "en": "English", "et": "Estonian", "fo": "Faroese", "fi": "Finnish",
    "fr": "French", "gl": "Galician", "ka": "Georgian", "de": "German", "el": "Greek", "gu": "Gujarati",
    "ht": "Haitian Creole", "ha": "Hausa", "haw": "Hawaiian", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "is": "Icelandic", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "jw": "Javanese", "kn": "Kannada",
    "kk": "Kazakh", "km": "Khmer", "ko": "Korean", "lo": "Lao", "la": "Latin", "lv": "Latvian", "ln": "Lingala",
    "lt": "Lithuanian", "lb": "Luxembourgish", "mk": "Macedonian", "mg": "Malagasy", "ms": "Malay", "ml": "Malayalam",
    "mt": "Maltese", "mi": "Maori", "mr": "Marathi", "mn": "Mongolian", "ne": "Nepali", "no": "Norwegian",
    "nn": "Norwegian Nynorsk", "oc": "Occitan", "ps": "Pashto", "fa": "Persian", "pl": "Polish", "pt": "Portuguese",
    "pa": "Punjabi", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "sr": "Serbian", "sn": "Shona",
    "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "so": "Somali", "es": "Spanish",
    "su": "Sundanese", "sw": "Swahili", "sv": "Swedish", "tl": "Tagalog", "tg": "Tajik", "ta": "Tamil", "tt": "Tatar",
    "te": "Telugu", "th": "Thai", "bo": "Tibetan", "tr": "Turkish", "tk": "Turkmen", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "cy": "Welsh", "yi": "Yiddish", "yo": "Yoruba",
}
# Those that are offered first: what families are read the wording in.
USUAL = tuple(code for code in SPOKEN if code in LANGUAGES or code == "zh")
_CODES = {name.casefold(): code for code, name in SPOKEN.items()} | {code: code for code in SPOKEN}


@dataclass(frozen=True)
class SpeechSettings:
    """`languages` are codes of `SPOKEN`, in its order; any may be spoken where there are none. `vocabulary` are names,
    places and services that people speak of."""

    languages: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()

    @property
    def language_names(self) -> tuple[str, ...]:
        return tuple(SPOKEN.get(code, code) for code in self.languages)


def read_speech_settings(languages: Iterable[str], vocabulary: str) -> SpeechSettings:
    """From codes or English names, and from what somebody typed, one a line.

    Raises Invalid with a sentence for each that will not do.
    """
    asked = [language.strip() for language in languages if language.strip()]
    codes = {_CODES.get(language.casefold(), "") for language in asked}
    words = tuple(dict.fromkeys(filter(None, (" ".join(line.split()) for line in vocabulary.splitlines()))))
    wrong = {}
    if "" in codes:
        wrong["languages"] = "Choose languages from the list."
    if len(words) > WORDS_ALLOWED:
        wrong["vocabulary"] = f"Write {WORDS_ALLOWED} lines or fewer. Keep those that are hard to spell."
    elif any(len(word) > WORD_LETTERS or not storable(word) for word in words):
        wrong["vocabulary"] = f"Make each line {WORD_LETTERS} letters or shorter."
    if wrong:
        raise Invalid(fields=wrong)
    return SpeechSettings(tuple(code for code in SPOKEN if code in codes), words)
