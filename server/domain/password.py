"""Which passwords are refused: short ones, and those that anybody would try first (NIST SP 800-63B, 3.1.1.2)."""

SHORTEST = 12
LONGEST = 200

# The commonest passwords that are long enough to pass, and the stems that people make long by repeating them.
_COMMONEST = frozenset((
    "123456789012", "1234567890123", "12345678901234", "123456789123", "012345678901", "987654321098",
    "password1234", "password12345", "password123456", "passwordpassword", "password12345678", "mypassword123",
    "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "qwertyuiop[]", "1q2w3e4r5t6y", "1qaz2wsx3edc",
    "q1w2e3r4t5y6", "zxcvbnm12345", "asdfghjkl123", "iloveyou1234", "iloveyouiloveyou", "letmeinletmein",
    "welcome12345", "welcome123456", "administrator", "administrator1", "changeme1234", "unknownunknown",
    "abcdefghijkl", "abcdefghijklm", "abc123abc123", "liverpool123", "manchester123", "earshotearshot",
))


def problem_with(password: str, *, email: str = "") -> str | None:
    """What to change about a new password, or None when it will do. Any letters, spaces and signs are welcome."""
    plain = password.casefold().strip()
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} letters or more. Four words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Use {LONGEST} letters or fewer."
    if plain in _COMMONEST or len(set(plain)) < 4:
        return "Many people use this password, so it is easy to guess. Choose another one."
    if email and plain in (email.casefold(), email.casefold().partition("@")[0]):
        return "This is your email address. Choose something that only you know."
    return None
