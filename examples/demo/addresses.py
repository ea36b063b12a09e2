"""The six ports of the demo and the addresses that follow from them."""

from __future__ import annotations

import socket
from dataclasses import astuple, dataclass, fields


class PortTakenError(Exception):
    """A port that the demo needs is in use."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """One port per process, all on the loopback interface.

    The public names end in ``.localhost`` (RFC 6761, section 6.3), so that the provider and the
    apps are different sites to the browser while nothing has to be added to a hosts file.
    """

    provider: int = 8400
    registry: int = 8401
    ekyc: int = 8402
    sms: int = 8403
    dich_vu_cong: int = 8501
    phan_anh: int = 8502

    @classmethod
    def from_base(cls, base: int) -> Addresses:
        """``base`` .. ``base + 3`` for the services, ``base + 101`` and ``base + 102`` for the apps."""
        return cls(base, base + 1, base + 2, base + 3, base + 101, base + 102)

    @classmethod
    def free(cls) -> Addresses:
        """Ports that nobody uses at this moment, for tests."""
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for each in sockets:
                each.bind(("127.0.0.1", 0))
            return cls(*(each.getsockname()[1] for each in sockets))
        finally:
            for each in sockets:
                each.close()

    @property
    def issuer(self) -> str:
        return f"http://id.localhost:{self.provider}"

    @property
    def registry_url(self) -> str:
        return f"http://127.0.0.1:{self.registry}"

    @property
    def ekyc_url(self) -> str:
        return f"http://127.0.0.1:{self.ekyc}"

    @property
    def sms_url(self) -> str:
        return f"http://127.0.0.1:{self.sms}"

    @property
    def dich_vu_cong_url(self) -> str:
        return f"http://dich-vu-cong.localhost:{self.dich_vu_cong}"

    @property
    def phan_anh_url(self) -> str:
        return f"http://phan-anh.localhost:{self.phan_anh}"

    def check_free(self) -> None:
        """Raises PortTakenError naming the taken ports and the way around."""
        taken = [port for port in astuple(self) if not _is_free(port)]
        if taken:
            listed = ", ".join(str(port) for port in taken)
            raise PortTakenError(
                f"port {listed} on 127.0.0.1 is in use, perhaps by another demo. "
                "Stop that program, or choose other ports: make demo DEMO_ARGS='--port-base 18400'"
            )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
