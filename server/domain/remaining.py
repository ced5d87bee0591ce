"""How long work will still take, worked out from how long it took so far."""

# Before this nothing can be said: a model is loaded first, and the first share may be far from the others.
_ENOUGH_SECONDS = 8.0
_ENOUGH_SHARE = 0.02


def left_seconds(began: float, share: float, seconds: float) -> float | None:
    """What is left, in seconds, of work that went from share `began` to `share` in this many `seconds`; None while that
    is too little to tell."""
    done = share - began
    if seconds < _ENOUGH_SECONDS or done < _ENOUGH_SHARE:
        return None
    return seconds * (1 - share) / done


def in_words(seconds: float | None) -> str:
    """Less than a minute left, About 3 minutes left; nothing where nobody can tell."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "Less than a minute left"
    if minutes < 90:
        return f"About {_count(minutes, 'minute')} left"
    return f"About {_count(round(minutes / 60), 'hour')} left"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
