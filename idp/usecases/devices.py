"""The browsers in which the citizen is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from idp.usecases import sessions
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Device:
    """``label`` is coarse (browser and system); times in Unix seconds."""

    sid: str
    label: str
    since: int
    last_seen: int
    current: bool


def my_devices(services: Services, session_token: str | None) -> tuple[Device, ...]:
    """This browser first, then by last use; nothing for a visitor."""
    with services.store.read() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is None:
            return ()
        mine = signed_in[0]
        live = [s for s in tx.sessions.of_account(mine.account_id) if sessions.is_live(services, s)]
    devices = (Device(s.sid, s.device, s.auth_time, s.last_seen, s.sid == mine.sid) for s in live)
    return tuple(sorted(devices, key=lambda device: not device.current))


def sign_out_device(services: Services, session_token: str | None, sid: str) -> None:
    """Ends one of the citizen's own sessions; a foreign ``sid`` changes nothing."""
    _end(services, session_token, only=sid)


def sign_out_elsewhere(services: Services, session_token: str | None) -> None:
    """Ends every other session; the caller signs this browser out, so that its apps get their iframes."""
    _end(services, session_token, only=None)


def _end(services: Services, session_token: str | None, *, only: str | None) -> None:
    with services.store.begin() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is None:
            return
        for session in tx.sessions.of_account(signed_in[0].account_id):
            if session.sid == only or (only is None and session.sid != signed_in[0].sid):
                sessions.end(services, tx, session)
    services.tasks.wake()
