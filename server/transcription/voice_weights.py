"""Loads the voice network from its file."""

from pathlib import Path
from pickle import UnpicklingError

import torch

from server.domain.errors import VoicesMissing
from server.transcription.voice_network import VoiceNetwork
from server.transcription.weights import are_sound, voices_file

_REMEDY = "Nobody is suggested as a speaker until then. Run: make weights"


def load_voices(folder: Path) -> VoiceNetwork:
    """Loads numbers only: a file that tries to bring code with it is refused. Raises VoicesMissing."""
    path = voices_file(folder)
    if not path.exists():
        raise VoicesMissing
    if not are_sound(path):
        raise VoicesMissing(f"The voice model in {path} is damaged. {_REMEDY}")
    network = VoiceNetwork()
    try:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except (UnpicklingError, RuntimeError, KeyError, TypeError, EOFError) as error:
        if "allocate memory" in str(error):
            raise MemoryError from error
        raise VoicesMissing(f"{path} is not a voice model. {_REMEDY}") from error
    for numbers in network.head.parameters():
        if numbers.dim() == 4:  # laid out as the processor takes pictures in fastest
            numbers.data = numbers.data.contiguous(memory_format=torch.channels_last)
    return network.eval()
