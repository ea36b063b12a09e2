"""Officer-assisted enrolment: an officer who saw the person and the card opens the account."""

from __future__ import annotations

from idp.domain.errors import PageError
from idp.domain.models import Account, Proofing
from idp.domain.password_policy import check_password
from idp.tokens import new_id
from idp.usecases.services import Services

OFFICER_LEVEL = 2  # a person compared face and card in presence (vn-ekyc-2)


def create_citizen(services: Services, *, number: str, password: str) -> Account:
    """Raises CheckRefused ("number_unknown", "person_deceased", ...) and PageError ("account_exists")."""
    password = check_password(password, password, number=number)
    profile = services.checker.person(number)
    hashed = services.passwords.hash(password)
    now = services.clock()
    proofing = Proofing("in-person", now, new_id())
    account = Account(new_id(), profile, OFFICER_LEVEL, now, proofing)
    with services.store.begin() as tx:
        if not tx.accounts.add(account):
            raise PageError("account_exists", status=409)
        tx.accounts.set_password(account.account_id, hashed)
        tx.audit.write("account.created", now, account_id=account.account_id, by="officer")
    return account
