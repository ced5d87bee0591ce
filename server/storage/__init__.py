"""Where media is kept: a small interface, and the parts that fulfil it."""

from server.storage.filesystem import FilesystemStore
from server.storage.store import MediaStore, StoredBytes

__all__ = ["FilesystemStore", "MediaStore", "StoredBytes"]
