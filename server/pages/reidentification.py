"""What could point at one family: told where it is, listed for the team, and looked at before it is shown further."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.errors import Invalid
from server.domain.fields import storable
from server.domain.ids import checked_id
from server.domain.languages import language_of
from server.domain.reidentification import Fact, Kind, Warning
from server.domain.theme import Taggable
from server.pages.addresses import local_path
from server.pages.notices import redirect_with
from server.services import reidentification
from server.services.reidentification import Weighed

blueprint = Blueprint("reidentification", __name__)

READERS: Mapping[Audience, str] = {
    Audience.COMMISSIONERS: "commissioners", Audience.BOARD: "a board",
    Audience.PUBLICATION: "readers of what is published"}


@blueprint.get("/projects/<id:project_id>/look-first")
@allowed(Permission.MAKE_COLLECTIONS)
def index(project_id: str) -> ResponseReturnValue:
    """Everything that somebody should look at before it is shown further."""
    after = request.args.get("after", "")
    after = after if storable(after) else ""
    found, more = reidentification.list_standing(db.session(), viewer(), project_id, after)
    was_shown(Action.READ, "look first", project_id, project_id, (one.part.id for one in found))
    return render_template("look-first.html", project_id=project_id, found=found, more=more, after=after)


@blueprint.route("/excerpts/<id:excerpt_id>/one-family", methods=["GET", "POST"])
@signed_in
def excerpt(excerpt_id: str) -> ResponseReturnValue:
    """An excerpt, and what of it could point at one family."""
    return _one(Taggable.EXCERPT, excerpt_id)


@blueprint.route("/quotes/<id:quote_id>/one-family", methods=["GET", "POST"])
@signed_in
def quote(quote_id: str) -> ResponseReturnValue:
    """A quote, and what of it could point at one family."""
    return _one(Taggable.QUOTE, quote_id)


@blueprint.route("/photos/<id:photo_id>/one-family", methods=["GET", "POST"])
@signed_in
def photo(photo_id: str) -> ResponseReturnValue:
    """A photo, and what of it could point at one family."""
    return _one(Taggable.PHOTO, photo_id)


def look_at_sent() -> None:
    """Note that whoever calls has looked at what their form says they saw: each `kind:id:audience:hash`."""
    for value in request.form.getlist("looked"):
        kind, part_id, audience, seen = [*value.split(":"), "", "", ""][:4]
        try:
            chosen = Taggable(kind), checked_id(part_id, "looked"), Audience(audience)
        except ValueError:
            raise Invalid(fields={"looked": "Open the page again."}) from None
        reidentification.look(db.session(), viewer(), *chosen, seen)


def looked(found: Iterable[Weighed]) -> list[str]:
    """What a form says of these, for `look_at_sent`."""
    return [f"{one.kind}:{one.part.id}:{one.audience}:{one.facts_sha256}" for one in found]


def _one(kind: Taggable, part_id: str) -> ResponseReturnValue:
    """The page; with `only` just what warns, to be put into another page, which is empty where nothing does."""
    part = reidentification.get_part(db.session(), viewer(), kind, part_id)
    back = local_path(request.values.get("next"), "") or url_for("reidentification.index", project_id=part.project_id)
    if request.method == "POST":
        look_at_sent()
        return redirect_with("looked_at", back)
    weighed = reidentification.weigh(db.session(), viewer(), part)
    was_shown(Action.READ, str(kind), part.id, part.project_id, [part.story_id])
    template = "one-family-only.html" if "only" in request.args else "one-family.html"
    return render_template(template, project_id=part.project_id, part=part, weighed=weighed, back=back)


@blueprint.app_template_filter("warning_in_words")
def warning_in_words(warning: Warning, audience: Audience) -> str:
    """One sentence, which never says how many stories there are."""
    readers, kinds = READERS[audience], {fact.kind for fact in warning.facts}
    if not warning.facts:
        return f"So few stories are shown to {readers} that each of them stands out."
    if kinds == {Kind.FACE}:
        return "People may be seen in this photo, and nothing in it is covered."
    if kinds == {Kind.WORD} and len(warning.facts) > 1:
        words = _all_of([f"“{fact.name}”" for fact in warning.facts])
        return f"Each of these words is in fewer than five stories that {readers} may see: {words}."
    return f"Fewer than five stories that {readers} may see have {_all_of(list(map(_fact_in_words, warning.facts)))}."


@blueprint.app_template_filter("kinds_of_facts")
def kinds_of_facts(weighed: Weighed) -> set[str]:
    """The kinds of facts that warn, for what can be done about each."""
    return {fact.kind.value for warning in weighed.warnings for fact in warning.facts}


@blueprint.app_template_filter("standing_warning")
def standing_warning(part: ClearedPart) -> Weighed | bool:
    """What somebody should look at of a part that stands on the page of its story: weighed where it is one of the first
    few, or whether there is something."""
    of_stories: dict[str, dict[str, Weighed | None]] = g.setdefault("standing_warnings", {})
    if part.story_id not in of_stories:
        of_stories[part.story_id] = reidentification.on_story(db.session(), viewer(), part.story_id)
    standing = of_stories[part.story_id]
    return standing.get(part.id) or part.id in standing


@blueprint.app_template_filter("as_looked")
def as_looked(weighed: Weighed) -> str:
    """What the form about one part carries."""
    return looked([weighed])[0]


@blueprint.app_template_test("redactable")
def redactable(project_id: str) -> bool:
    """Whether whoever looks may withhold words there."""
    return may(viewer(), Permission.REDACT, project_id)


def _all_of(texts: list[str]) -> str:
    last = texts.pop()
    return f"{', '.join(texts)} and {last}" if texts else last


def _fact_in_words(fact: Fact) -> str:
    match fact.kind:
        case Kind.WORD:
            return f"the words “{fact.name}”" if " " in fact.name else f"the word “{fact.name}”"
        case Kind.THEME:
            return f"the theme “{fact.name}”"
        case Kind.PLACE:
            return f"the place {fact.name}"
        case Kind.GROUP:
            return f"somebody of the group “{fact.name}”"
        case Kind.LANGUAGE:
            return f"{language_of(fact.value).name} as their language"
        case Kind.PHOTO | Kind.FACE:
            return "a photo of people beside the words"
        case Kind.MONTH:
            return f"{fact.name} as the month they were told in"
