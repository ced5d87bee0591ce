"""Speech to words. `Transcriber` in `transcriber` is the way in; torch and Whisper are imported here alone."""

import os

# Threads that wait for each other spin for some microseconds, as long as the next step mostly takes to come, and then
# sleep. By default they spin for milliseconds, which on a machine with other work to do takes ten times as long; those
# that sleep at once take twice as long on a quiet one. Both are read when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
