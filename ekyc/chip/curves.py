"""Named elliptic curves, and the same ones with all their numbers written out ("explicit parameters").

ICAO Doc 9303 part 12, 4.1.6.3 asks issuers for explicit parameters. Only the exact numbers of a published
curve are taken, generator included: a chosen generator forges signatures (CVE-2020-0601).
Numbers: SEC 2 version 2.0 and RFC 5639.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from ekyc.chip.tlv import OCTET_STRING, Malformed, Tlv, expect, integer, members, oid

_PRIME_FIELD = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b over the integers modulo p; (x, y) generates a group of the prime order n."""

    oid: str
    implementation: ec.EllipticCurve
    p: int
    a: int
    b: int
    x: int
    y: int
    n: int

    @property
    def size(self) -> int:
        """Bytes of one coordinate."""
        return (self.p.bit_length() + 7) // 8

    def numbers(self) -> tuple[int, ...]:
        return self.p, self.a, self.b, self.x, self.y, self.n


def named_curve(parameters: Tlv) -> Curve | None:
    """The curve that ECParameters (RFC 3279, 2.3.5) name or spell out; None where it is no known one.

    Raises Malformed.
    """
    if parameters.tag == 0x06:
        dotted = oid(parameters)
        return next((curve for curve in CURVES if curve.oid == dotted), None)
    numbers = _explicit(parameters)
    return next((curve for curve in CURVES if curve.numbers() == numbers), None)


def _explicit(parameters: Tlv) -> tuple[int, ...] | None:
    """SpecifiedECDomain (SEC 1, C.2): version, field, curve, base, order, [cofactor]."""
    parts = members(parameters, least=5)
    field = members(parts[1], least=2)
    if oid(field[0]) != _PRIME_FIELD:
        return None
    p = integer(field[1])
    a, b = (int.from_bytes(expect(part, OCTET_STRING)) for part in members(parts[2], least=2)[:2])
    x, y = _base(expect(parts[3], OCTET_STRING), p, b)
    return p, a, b, x, y, integer(parts[4])


def _base(point: bytes, p: int, b: int) -> tuple[int, int]:
    """The generator, uncompressed, or compressed (then its y is the known curve's of that parity)."""
    if len(point) > 200 or len(point) < 2:
        raise Malformed("base point of a forbidden size")
    if point[0] == 4:
        half = len(point) // 2 + 1
        return int.from_bytes(point[1:half]), int.from_bytes(point[half:])
    x = int.from_bytes(point[1:])
    known = next((c for c in CURVES if (c.p, c.b, c.x) == (p, b, x) and point[0] == 2 + c.y % 2), None)
    return (x, known.y) if known else (x, -1)


def _hex(digits: str) -> int:
    return int(digits, 16)


CURVES: tuple[Curve, ...] = (
    Curve(
        "1.3.132.0.33",
        ec.SECP224R1(),
        p=_hex("ffffffffffffffffffffffffffffffff000000000000000000000001"),
        a=_hex("fffffffffffffffffffffffffffffffefffffffffffffffffffffffe"),
        b=_hex("b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4"),
        x=_hex("b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21"),
        y=_hex("bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34"),
        n=_hex("ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d"),
    ),
    Curve(
        "1.2.840.10045.3.1.7",
        ec.SECP256R1(),
        p=_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
        a=_hex("ffffffff00000001000000000000000000000000fffffffffffffffffffffffc"),
        b=_hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
        x=_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        y=_hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
        n=_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    ),
    Curve(
        "1.3.132.0.34",
        ec.SECP384R1(),
        p=_hex(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"
        ),
        a=_hex(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc"
        ),
        b=_hex(
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"
        ),
        x=_hex(
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
        ),
        y=_hex(
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"
        ),
        n=_hex(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        ),
    ),
    Curve(
        "1.3.132.0.35",
        ec.SECP521R1(),
        p=_hex(
            "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        ),
        a=_hex(
            "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc"
        ),
        b=_hex(
            "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1561939"
            "51ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00"
        ),
        x=_hex(
            "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e"
            "77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"
        ),
        y=_hex(
            "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee7"
            "2995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"
        ),
        n=_hex(
            "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868"
            "783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        ),
    ),
    Curve(
        "1.3.36.3.3.2.8.1.1.7",
        ec.BrainpoolP256R1(),
        p=_hex("a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377"),
        a=_hex("7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9"),
        b=_hex("26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6"),
        x=_hex("8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262"),
        y=_hex("547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997"),
        n=_hex("a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7"),
    ),
    Curve(
        "1.3.36.3.3.2.8.1.1.11",
        ec.BrainpoolP384R1(),
        p=_hex(
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53"
        ),
        a=_hex(
            "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826"
        ),
        b=_hex(
            "4a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11"
        ),
        x=_hex(
            "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e"
        ),
        y=_hex(
            "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315"
        ),
        n=_hex(
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565"
        ),
    ),
    Curve(
        "1.3.36.3.3.2.8.1.1.13",
        ec.BrainpoolP512R1(),
        p=_hex(
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b00"
            "9bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3"
        ),
        a=_hex(
            "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5a"
            "a8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca"
        ),
        b=_hex(
            "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9"
            "e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723"
        ),
        x=_hex(
            "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78"
            "e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822"
        ),
        y=_hex(
            "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde49"
            "4a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892"
        ),
        n=_hex(
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c41"
            "4ca92619418661197fac10471db1d381085ddaddb58796829ca90069"
        ),
    ),
)
