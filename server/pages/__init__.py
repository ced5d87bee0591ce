"""HTML for commissioners, board members, analysts, participants and administrators."""

from flask import Flask

from server.pages import (
    access_keys,
    account,
    agreement,
    assets,
    code_apps,
    codebook,
    codebook_files,
    collect,
    collection_shares,
    collections,
    consent_documents,
    editing,
    embargoes,
    environment,
    excerpt_words,
    excerpts,
    exports,
    exports_made,
    groups,
    heard,
    home,
    incomplete,
    invitations,
    items,
    media,
    notes,
    operations,
    partners,
    passkeys,
    people,
    phone_settings,
    phones,
    photo_parts,
    photo_regions,
    processing,
    projects,
    promises,
    prompts,
    provocations,
    receipt_choices,
    receipts,
    redactions,
    reidentification,
    retention,
    searching,
    sharing,
    sign_in,
    speakers,
    speech_settings,
    spoken_words,
    stories,
    suggestion_settings,
    suggestions,
    taggings,
    themes,
    theming,
    transcript_progress,
    transcript_versions,
    voices,
    withdrawal_steps,
    wordings,
    work,
)
from server.pages import register as story_register

FAMILIES = (
    access_keys, account, agreement, assets, code_apps, codebook, codebook_files, collect, collection_shares,
    collections, consent_documents, editing, embargoes, excerpt_words, excerpts, exports, exports_made, groups, heard,
    home, incomplete, invitations, items, media, notes, operations, partners, passkeys, people, phone_settings,
    phones, photo_parts, photo_regions, processing, projects, promises, prompts, provocations, receipt_choices,
    receipts, redactions, story_register, reidentification, retention, searching, sharing, sign_in, speakers,
    speech_settings, spoken_words, stories, suggestion_settings, suggestions, taggings, themes, theming,
    transcript_progress, transcript_versions, voices, withdrawal_steps, wordings, work,
)


def register(app: Flask) -> None:
    """Attach every family of pages. Each has a `blueprint`."""
    environment.prepare(app)
    for family in FAMILIES:
        app.register_blueprint(family.blueprint)
    app.register_blueprint(wordings.blueprint, name="partner_wordings", url_prefix=wordings.OF_A_PARTNER)
