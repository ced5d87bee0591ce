"""Positions in a recording as people and players read them."""


def clock(position_ms: int, decimal: str = ".") -> str:
    """hh:mm:ss, the decimal mark, and thousandths."""
    seconds, thousandths = divmod(position_ms, 1000)
    return f"{clock_seconds(seconds)}{decimal}{thousandths:03}"


def clock_seconds(seconds: int) -> str:
    """hh:mm:ss."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
