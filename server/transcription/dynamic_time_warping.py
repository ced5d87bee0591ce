"""The cheapest way through a table of tokens by frames, for several tables at once.

Every step goes on by one token, one frame or both (whisper/timing.py, `dtw`). All cells of one anti-diagonal depend on
the two before it alone, so a whole anti-diagonal of all tables is worked out at once.
"""

from collections.abc import Sequence

import numpy as np

_BOTH, _TOKEN, _FRAME = 0, 1, 2


def first_frames(costs: Sequence[np.ndarray]) -> list[np.ndarray]:
    """For each table (tokens × frames), the frame at which the way reaches each token."""
    steps = _steps(costs)
    return [_way_back(steps[:, number], *table.shape) for number, table in enumerate(costs)]


def _steps(costs: Sequence[np.ndarray]) -> np.ndarray:
    """Anti-diagonals × tables × tokens: by which step the way comes to each cell."""
    tokens, frames = (max(table.shape[axis] for table in costs) for axis in (0, 1))
    slanted = _slanted(costs, tokens, frames)
    steps = np.empty(slanted.shape, dtype=np.int8)
    # Totals of the last two anti-diagonals, behind a column that stands for the token before the first.
    before, last = np.full((2, len(costs), tokens + 1), np.inf, dtype=np.float32)
    before[:, 0] = 0.0
    for diagonal, here in enumerate(slanted):
        both, token, frame = before[:, :-1], last[:, :-1], last[:, 1:]
        cheapest = np.minimum(token, frame)
        chosen = np.where(both < cheapest, _BOTH, np.where(token < frame, _TOKEN, _FRAME))
        steps[diagonal] = chosen
        total = np.full_like(last, np.inf)
        np.add(np.minimum(both, cheapest), here, out=total[:, 1:])
        before, last = last, total
    return steps


def _slanted(costs: Sequence[np.ndarray], tokens: int, frames: int) -> np.ndarray:
    """Anti-diagonals × tables × tokens, infinite outside of the tables."""
    slanted = np.full((tokens + frames - 1, len(costs), tokens), np.inf, dtype=np.float32)
    for number, table in enumerate(costs):
        for token, row in enumerate(table):
            slanted[token : token + len(row), number, token] = row
    return slanted


def _way_back(steps: np.ndarray, tokens: int, frames: int) -> np.ndarray:
    """From the end of a table to its start. `steps` are anti-diagonals × tokens."""
    reached = np.zeros(tokens, dtype=np.int64)
    token, frame = tokens - 1, frames - 1
    while token >= 0 and frame >= 0:
        reached[token] = frame
        step = steps[token + frame, token]
        token -= step != _FRAME
        frame -= step != _TOKEN
    return reached
