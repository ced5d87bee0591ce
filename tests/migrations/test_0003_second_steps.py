"""Second steps come without locking anybody out, and leave with what they were for."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, OldDatabase, digest


def test_nobody_has_a_second_step_until_they_add_one(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.insert("signed_in", token_hash=digest("session"), person_id=PERSON, csrf_token="csrf", created_at=NOON,
               last_seen_at=NOON, expires_at=NOON)
    before = old.everything()
    step.up()
    added = ("code_app", "passkey", "recovery_code", "sign_in_challenge")
    assert old.everything() == before | {name: [] for name in added}
    old.insert("code_app", person_id=PERSON, secret="JBSWY3DPEHPK3PXP", last_step=59_000_000_000, created_at=NOON)
    old.insert("recovery_code", code_hash=digest("code"), person_id=PERSON)
    old.insert("passkey", id=ID(50), person_id=PERSON, credential_id="credential", public_key=b"\x00\xff",
               sign_count=2**40, name="Phone", created_at=NOON)
    old.insert("sign_in_challenge", token_hash=digest("token"), purpose="sign_in", challenge="", expires_at=NOON)
    [passkey] = old.rows("passkey")
    assert (bytes(passkey["public_key"]), passkey["sign_count"]) == (b"\x00\xff", 2**40)
    step.back()
    assert old.everything() == before
