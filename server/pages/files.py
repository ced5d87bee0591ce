"""A stored file to save, byte for byte, that no browser opens within a page of ours."""

import mimetypes

from flask import Response, request

from server.pages.byte_ranges import ByteRange, blocks
from server.parts import parts

_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def whole_file(sha256: str, content_type: str, name: str) -> Response:
    """The bytes as they were sent. They come from us and not from the store's links, whose answers say less."""
    store = parts().store
    size = store.size(sha256)
    answer = Response(mimetype=content_type)
    if request.method == "GET":
        source = store.open(sha256)
        answer.call_on_close(source.close)
        answer.response = blocks(source, ByteRange(0, size))
    answer.content_length = size
    ending = mimetypes.guess_extension(content_type) or ""
    answer.headers.update({
        "Content-Disposition": f'attachment; filename="{name}{ending}"', "Content-Security-Policy": _SANDBOX,
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"})
    return answer
