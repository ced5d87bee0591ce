"""The only wiring: settings in, a Flask app with every part attached out."""

from functools import partial

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import api, cli, jobs, pages
from server.addresses import init_addresses
from server.auditing import init_auditing
from server.auth import init_auth, require_stated_access
from server.catching_up import init_catching_up
from server.config import Settings
from server.db import engine_options, init_db, normal_url
from server.headers import init_headers
from server.parts import Parts
from server.problems import init_problems
from server.receiving import init_receiving
from server.storage.filesystem import FilesystemStore
from server.storage.store import MediaStore

# Seconds that somebody at a page or a phone is kept waiting for a bucket that does not answer.
_BRIEFLY = 3.0


def create_app(settings: Settings | None = None) -> Flask:
    """The app for these settings, or for those of the environment."""
    settings = settings or Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask("server", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=normal_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
    )
    store, brief_store = _stores(settings)
    app.extensions["earshot"] = Parts(settings=settings, store=store, brief_store=brief_store)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    init_addresses(app)
    init_headers(app)
    init_auditing(app)
    init_db(app)
    init_problems(app)
    init_receiving(app)
    init_catching_up(app)
    init_auth(app)
    for door in (api, pages, jobs, cli):
        door.register(app)
    require_stated_access(app)
    return app


def _stores(settings: Settings) -> tuple[MediaStore, MediaStore]:
    """Where STORE_URL says, patient and brief; a folder when it says nothing. boto3 takes long to import, so only who
    needs it does."""
    if settings.keeps_media_in_a_folder:
        folder = FilesystemStore(settings.media_dir)
        return folder, folder
    from server.storage.s3 import S3Store

    assert settings.store_url is not None
    bucket = partial(S3Store, settings.store_url, endpoint_url=settings.s3_endpoint_url)
    return (bucket(deadline_seconds=settings.s3_deadline_seconds, gives_links=settings.s3_link_seconds > 0),
            bucket(deadline_seconds=min(_BRIEFLY, settings.s3_deadline_seconds), answer_seconds=_BRIEFLY))
