"""Pure writers: cleared values in, text out, one file a format."""
