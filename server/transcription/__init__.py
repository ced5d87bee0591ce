"""Speech to words. `Transcriber` in `transcriber` is the way in; torch and Whisper are imported here alone."""

import os

# Threads that wait must sleep. By default they spin, which on a machine with other work to do takes several times the
# processor time for the same words. It is read when torch is first imported, so it is set before that.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
