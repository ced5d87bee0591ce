"""Addresses that pages hand out or are handed."""

from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for

from server.parts import parts


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """The wanted address if it is a path of this service, else the other. No other site can be meant by it."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(letter) < 33 for letter in wanted):
        return otherwise
    parsed = urlsplit(wanted)
    return otherwise if parsed.scheme or parsed.netloc else wanted


def site_address() -> str:
    """Scheme, host and port of this service as people know it: PUBLIC_URL where it is set, else what was asked for."""
    public = parts().settings.public_url
    if public is None:
        return request.host_url.rstrip("/")
    parsed = urlsplit(public)
    return f"{parsed.scheme}://{parsed.netloc}"


def whole_address(endpoint: str, **values: Any) -> str:
    """An address that works when it is sent to somebody."""
    public = parts().settings.public_url
    path = url_for(endpoint, **values)
    return f"{public}{path}" if public else f"{site_address()}{path}"
