"""A sentence on the next page that says what was just done. The browser carries its name, never its words."""

from flask import Response, g, redirect, request

COOKIE = "earshot_notice"

NOTICES = {
    "agreement_off": "Agreement is not measured any more. Themes stay as they are.",
    "agreement_on": "Agreement is measured from now on. Commissioners find it beside the themes.",
    "codes_turned_off": "Codes are turned off. From now on you sign in without one.",
    "collection_deleted": "The collection is deleted. What was in it is still where it was.",
    "collection_filled": "It is in the collection.",
    "collection_left": "You have left the collection.",
    "collection_made": "The collection is made. Nobody else has it until you share it.",
    "collection_saved": "The name and description are saved.",
    "collection_shared": "It is shared. Each person sees what is cleared for them.",
    "collection_unshared": "Nobody else has it now.",
    "draft_discarded": "The draft is gone. What people are read now stays as it is.",
    "embargo_lifted": "It is lifted, with your name.",
    "embargo_named": "That is done. It waits for them when they sign in.",
    "excerpt_words_keep": "The excerpt keeps its words.",
    "excerpt_words_take": "The excerpt says the new words. Somebody has heard them already, so it is not a draft.",
    "excerpt_words_take_draft": "The excerpt says the new words. It is a draft until somebody has heard them.",
    "excerpt_deleted": "The excerpt is deleted. The recording and its transcript are still here.",
    "excerpt_heard": "Thank you. That you have listened is noted, with your name.",
    "introduction_saved": "The name and introduction are saved.",
    "invitation_accepted": "You are in. What you can do is below.",
    "invitation_revoked": "The invitation is cancelled. Its link no longer works.",
    "key_removed": "The key is removed. The program that had it can no longer act for you.",
    "looked_at": "Thank you. That you have looked at it is noted, with your name.",
    "passkey_added": "The passkey is added. Next time, choose it on the page where you sign in.",
    "passkey_removed": "The passkey is removed. It no longer signs you in.",
    "note_deleted": "The note is deleted.",
    "note_saved": "The note is saved. Commissioners of this project can read it.",
    "password_changed": "Your password is changed. You are signed out everywhere else. Keys and passkeys have ended.",
    "phone_let_in": "The phone is let in again. Somebody has to sign in on it.",
    "phone_settings_saved": "That is saved. Phones get it the next time they are online.",
    "phone_shut_out": "The phone is shut out, and whoever was signed in on it is signed out.",
    "processing_saved": "That is saved. This is the record that is made of it.",
    "project_created": "The project is ready. Next, check its questions and its consent wording, then invite people.",
    "photo_covered": "It is covered. The copy that people see is being made again without it.",
    "photo_uncovered": "It is not covered any more. People can see it again.",
    "prompts_saved": "The questions are saved. Phones get them the next time they are online.",
    "prompts_translated": "The questions are saved in this language. Phones get them the next time they are online.",
    "provocation_published": "The board can open it now.",
    "provocation_unpublished": "The board can no longer open it.",
    "recording_being_made": "The recording is being made of what came. It can be listened to soon.",
    "retention_saved": "That is saved. No story is deleted because of it in the next 30 days.",
    "choice_saved": "That is saved, and holds from now on.",
    "override_seen": "Thank you. That you have seen it is noted.",
    "partner_added": "The organisation is a partner now. Invite somebody to lead it.",
    "partner_left": "That is done. Nobody has a role for the partner here, and nobody has what it collected.",
    "partner_person_left": "That is done. They no longer do anything for the partner here.",
    "terms_saved": "That is saved, and holds from now on.",
    "role_removed": "That is done. They can no longer open what that role allowed.",
    "story_held_back": "The story is held back. Nobody can hear or read it now.",
    "speech_settings_saved": "That is saved. It counts for recordings that are written down from now on.",
    "speaker_named": "The name shows everywhere in this story.",
    "group_added": "The group is in the list. Phones ask about it the next time they are online.",
    "group_brought_back": "People are asked about the group again.",
    "group_changed": "The group has its new name.",
    "group_moved": "The group is moved.",
    "group_retired": "Nobody is asked about the group any more. What people said stays.",
    "targets_saved": "The numbers are saved.",
    "speakers_merged": "They are one speaker now.",
    "suggestion_back": "It can be suggested again.",
    "suggestion_dismissed": "It is not suggested for this theme any more.",
    "suggestion_taken": "The theme is on it.",
    "suggestions_off": "Suggestions are off. What was made to compare passages is deleted.",
    "suggestions_on": "Suggestions are on. Stories are compared in the background, which takes some minutes.",
    "taken_back": "That is taken off again.",
    "text_left_out": "It is left out of the next version. People are read what they were until you publish.",
    "term_saved": "How long a yes lasts is saved in the draft. Nothing changes for people until you publish.",
    "text_saved": "The text is saved in the draft. People are read what they were until you publish.",
    "codebook_taken_in": "The codebook is brought in.",
    "theme_brought_back": "The theme is in use again.",
    "theme_changed": "The theme is saved.",
    "theme_created": "The theme is in the list.",
    "theme_merged": "The two themes are one now.",
    "theme_moved": "The theme is moved.",
    "theme_retired": "The theme is retired. It stays where it is, and is put on nothing more.",
    "theme_split": "That is under this theme now.",
    "themes_saved": "The themes are saved.",
    "words_not_withheld": "They are not withheld any more. They can be read and heard again.",
    "words_saved": "The words are saved.",
    "words_withheld": "They are withheld everywhere in this story. The sound is being made again without them.",
    "version_used": "People read this version now. The one before is kept.",
    "wording_published": "The new consent wording is published. Phones get it the next time they are online.",
    "writing_again": "It will be written down again. What people wrote stays as it is.",
    "work_tried_again": "It will be tried again soon. This page shows how it goes.",
}


def redirect_with(name: str, address: str) -> Response:
    """Go to the address, and say there what was done."""
    if name not in NOTICES:
        raise KeyError(name)
    answer = redirect(address, 303)
    answer.set_cookie(COOKIE, name, max_age=60, httponly=True, samesite="Lax", secure=request.is_secure)
    assert isinstance(answer, Response)
    return answer


def take() -> str | None:
    """The sentence to show on this page, if there is one."""
    sentence = NOTICES.get(request.cookies.get(COOKIE, ""))
    g.notice_shown = sentence is not None
    return sentence


def forget_shown(response: Response) -> Response:
    """A notice is shown once."""
    if g.get("notice_shown"):
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
