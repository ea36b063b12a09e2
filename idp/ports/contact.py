"""Proving addresses, and the messages that do it."""

from __future__ import annotations

from typing import Protocol

from idp.domain.contact import Channel, Message


class ContactCodes(Protocol):
    """Codes that prove an e-mail address or a phone number, one a channel and account."""

    def put(self, account_id: str, channel: Channel, value: str, code: str, expires_at: int) -> None:
        """Replaces the one before."""
        ...

    def pending(self, account_id: str, channel: Channel, now: int) -> str | None:
        """The address that still waits for its code."""
        ...

    def redeem(self, account_id: str, channel: Channel, code: str, now: int) -> str | None:
        """Counts one try; the proven address for the one caller whose code is right."""
        ...

    def remove(self, account_id: str, channel: Channel) -> None: ...


class Messages(Protocol):
    """Messages on their way out, deleted as soon as they are sent or too late."""

    def add(self, message: Message, now: int, expires_at: int) -> None: ...
    def due(self, now: int) -> bool: ...
    def claim(self, now: int, lease: int) -> tuple[int, int, Message] | None:
        """(id, attempts begun, message) of one due message for exactly one caller; due again after
        ``lease`` seconds unless removed, so that a process that dies in between loses nothing."""
        ...

    def postpone(self, message_id: int, next_attempt_at: int) -> None: ...
    def remove(self, message_id: int) -> None: ...


class Messenger(Protocol):
    def send(self, message: Message) -> None:
        """Hands it to a carrier, bounded in time. Raises MessageNotSent."""
        ...
