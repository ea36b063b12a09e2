"""FAPI 2.0: what a client with ``profile`` ``fapi2`` or ``fapi2_message_signing`` is held to.

Security Profile (Final), by clause; what every client is held to anyway has its rule elsewhere:

| clause | rule |
|---|---|
| 5.3.2.1 metadata document | ``web/metadata.py`` |
| 5.3.2.1 confidential clients, private_key_jwt or mutual TLS | ``client_authentication.py`` |
| 5.3.2.1 sender-constrained tokens only | ``sender_constrained.py``, ``usecases/sender.py`` |
| 5.3.2.1 ``aud`` of assertions: the issuer, as a string | ``assertion_audience.py`` |
| 5.3.2.1 no rotation of refresh tokens | ``refresh_rotation.py`` |
| 5.3.2.1 codes live for 60 seconds at most | ``lifetimes.py`` |
| 5.3.2.1 codes bound to a DPoP key | ``checks/dpop_jkt.py``, ``usecases/push_request.py`` |
| 5.3.2.1 clocks: 10 seconds ahead accepted, more than 60 refused | ``domain/clock_skew.py`` |
| 5.3.2.1 no password grant | ``web/protocol.py`` |
| 5.3.2.2 ``response_type`` code | ``checks/response_type.py`` |
| 5.3.2.2 pushed requests of proven clients only | ``checks/pushed.py`` |
| 5.3.2.2 ``request_uri`` for less than 600 seconds | ``lifetimes.py`` |
| 5.3.2.2 PKCE with S256 | ``checks/pkce.py``, ``registration/pkce.py`` |
| 5.3.2.2 ``redirect_uri`` required | ``checks/redirect_uri.py`` |
| 5.3.2.2 no http in it but on loopback | ``registration/uris.py`` |
| 5.3.2.2 ``iss`` in the answer | ``domain/response.py`` |
| 5.3.2.2 codes are good once | ``usecases/grants/authorization_code.py`` |
| 5.3.2.2 ``nonce`` of 64 characters | ``checks/nonce.py`` |
| 5.4.1 PS256, ES256, EdDSA | ``algorithms.py`` |
| 5.4.1 length of keys | ``domain/key_length.py`` |

Message Signing (Final):

| clause | rule |
|---|---|
| 5.3.1 signed requests: ``aud``, ``nbf``, ``exp`` | ``signed_request.py``, ``checks/request_object.py`` |
| 5.4.1 signed responses (JARM) | ``checks/signed_response.py``, ``usecases/sign_response.py`` |
| 5.5.1 signed introspection (RFC 9701) | ``usecases/introspect.py`` |
"""
