"""Speech to words. `Transcriber` in `transcriber` is the way in; torch and Whisper are imported here alone."""
