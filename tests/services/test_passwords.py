from argon2 import extract_parameters

from server.services import passwords


def test_an_account_that_is_not_there_costs_what_a_real_one_does() -> None:
    assert extract_parameters(passwords.NOBODY) == extract_parameters(passwords.hashed("a long enough password"))
    assert not passwords.is_right(None, "a long enough password")
