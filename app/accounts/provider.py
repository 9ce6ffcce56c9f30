"""The conversation with a provider of identities (OpenID Connect Core 1.0), without Flask and without SQL.

Authorization code flow with PKCE (RFC 7636), state and nonce. Asked for is the scope `openid` only: all that
we want to know is that it is the same somebody as last time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

CONNECT_S = 4
READ_S = 6
# One answer in all, so that a provider that drips bytes holds no thread.
WHOLE_ANSWER_S = 10
LONGEST_ANSWER = 256 * 1024
# Addresses of a provider hardly change; its keys are asked again as soon as one is not known.
REMEMBER_S = 3600
# A provider that does not answer is left alone for a moment, so that threads do not all wait for it.
LEAVE_ALONE_S = 5
# Clocks of two machines differ.
LEEWAY_S = 60
# Longest `sub` that the standard allows.
LONGEST_SUBJECT = 255
# Signatures that only the provider can make. With a shared secret (HS…) or none at all, others could.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip


class Trouble(StrEnum):
    """Why somebody was not signed in."""

    REFUSED = "refused"
    AWAY = "away"
    EXPIRED = "expired"
    AUDIENCE = "audience"
    WRONG = "wrong"


class NotSignedIn(Exception):
    """The provider's answer signs nobody in. `reason` is for the log and holds nothing about the person."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(f"{trouble}: {reason}")
        self.trouble, self.reason = trouble, reason


@dataclass(frozen=True, slots=True)
class Flow:
    """One try to sign in: what only the browser that began it and we know."""

    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class Provider:
    """One provider and how it knows us. Made once per process; asks only when it must."""

    issuer: str
    client_id: str
    client_secret: str
    _metadata: dict[str, Any] = field(default_factory=dict)
    _keys: KeySet | None = None
    _asked_at: float = 0.0
    _away_until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def begin(self, redirect_uri: str, language: str) -> tuple[str, Flow]:
        """The address to send the browser to, and what to remember meanwhile. Raises `NotSignedIn`."""
        flow = Flow(generate_token(32), generate_token(32), generate_token(64))
        with self._client(redirect_uri) as client:
            url, _state = client.create_authorization_url(
                self._address("authorization_endpoint"),
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
                ui_locales=language,
            )
        return url, flow

    def identity(self, answer: Mapping[str, str], flow: Flow, redirect_uri: str) -> str:
        """Who came back, as `issuer|subject`.

        `answer` holds the parameters with which the browser came back to `redirect_uri`; its `state`
        was found to be that of `flow`. Raises `NotSignedIn`.
        """
        if "error" in answer:
            _refuse(answer["error"])
        if answer.get("iss", self.issuer) != self.issuer:
            # RFC 9207: an answer of somebody else's provider.
            raise NotSignedIn(Trouble.WRONG, "the answer names another issuer")
        if not answer.get("code"):
            raise NotSignedIn(Trouble.WRONG, "no code")
        tokens = self._exchange(answer["code"], flow, redirect_uri)
        claims = self._claims(tokens, flow.nonce)
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise NotSignedIn(Trouble.WRONG, "the subject is no text of 1 to 255 characters")
        return f"{self.issuer}|{subject}"

    def _exchange(self, code: str, flow: Flow, redirect_uri: str) -> Mapping[str, Any]:
        address = self._address("token_endpoint")
        try:
            with self._client(redirect_uri) as client:
                tokens: Mapping[str, Any] = client.fetch_token(
                    address, code=code, code_verifier=flow.verifier, redirect_uri=redirect_uri
                )
        except OAuthError as error:
            # `invalid_grant`: the code was used, is over, or is another browser's.
            used = error.error == "invalid_grant"
            raise NotSignedIn(Trouble.EXPIRED if used else Trouble.WRONG, str(error.error)[:80]) from None
        except requests.RequestException as error:
            raise NotSignedIn(Trouble.AWAY, type(error).__name__) from None
        except (ValueError, TypeError, AttributeError, KeyError):
            raise NotSignedIn(Trouble.WRONG, "the answer to the code is no JSON object") from None
        if not isinstance(tokens.get("id_token"), str):
            raise NotSignedIn(Trouble.WRONG, "no identity token")
        return tokens

    def _claims(self, tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What the signed token says, once signature, issuer, audience, times and nonce are right."""
        try:
            token = self._opened(tokens["id_token"])
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client_id},
                },
                {"nonce": nonce, "client_id": self.client_id, "access_token": tokens.get("access_token")},
            )
            claims.validate(leeway=LEEWAY_S)
        except InvalidClaimError as error:
            trouble = Trouble.AUDIENCE if error.claim in ("aud", "azp") else Trouble.WRONG
            raise NotSignedIn(trouble, f"claim {error.claim}") from None
        except JoseError as error:
            raise NotSignedIn(Trouble.WRONG, error.error) from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotSignedIn(Trouble.WRONG, f"unreadable token ({type(error).__name__})") from None
        return claims

    def _opened(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(token, self._key_set(), registry=registry)
        except InvalidKeyIdError:
            # The provider changed its keys since we last asked.
            return jwt.decode(token, self._key_set(anew=True), registry=registry)

    def _key_set(self, *, anew: bool = False) -> KeySet:
        keys = None if anew else self._keys
        if keys is None:
            keys = KeySet.import_key_set(self._fetch(self._address("jwks_uri")))  # type: ignore[arg-type]
            self._keys = keys
        return keys

    def _address(self, name: str) -> str:
        """An address that the provider publishes about itself."""
        with self._lock:
            if not self._metadata or time.monotonic() - self._asked_at > REMEMBER_S:
                found = self._fetch(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise NotSignedIn(Trouble.WRONG, "the provider says that it is another issuer")
                self._metadata, self._keys, self._asked_at = found, None, time.monotonic()
            address = self._metadata.get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise NotSignedIn(Trouble.WRONG, f"no usable {name}")
        return address

    def _fetch(self, url: str) -> dict[str, Any]:
        if time.monotonic() < self._away_until:
            raise NotSignedIn(Trouble.AWAY, "it did not answer a moment ago")
        try:
            with _bounded(requests.Session()) as session:
                answer = session.get(url, timeout=(CONNECT_S, READ_S), headers={"Accept": "application/json"})
                answer.raise_for_status()
                found = answer.json()
        except requests.RequestException as error:
            # A body that is no JSON is one of them too.
            self._away_until = time.monotonic() + LEAVE_ALONE_S
            raise NotSignedIn(Trouble.AWAY, f"{type(error).__name__} at {urlsplit(url).path}") from None
        if not isinstance(found, dict):
            raise NotSignedIn(Trouble.WRONG, f"no JSON object at {urlsplit(url).path}")
        return found

    def _client(self, redirect_uri: str) -> OAuth2Session:
        methods = self._metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        client = OAuth2Session(
            client_id=self.client_id,
            client_secret=self.client_secret,
            token_endpoint_auth_method="client_secret_basic"
            if "client_secret_basic" in methods
            else "client_secret_post",
            scope="openid",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=(CONNECT_S, READ_S),
        )
        return _bounded(client)


def _refuse(code: str) -> NoReturn:
    """Raise what the provider's error means (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6)."""
    if code in ("server_error", "temporarily_unavailable"):
        raise NotSignedIn(Trouble.AWAY, code)
    if code in ("access_denied", "login_required", "interaction_required", "consent_required"):
        raise NotSignedIn(Trouble.REFUSED, code)
    raise NotSignedIn(Trouble.WRONG, code[:80])


def is_safe(address: str) -> bool:
    """Whether secrets may be sent there: over TLS, or to this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.username or parts.password or not parts.hostname:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


class _BoundedAdapter(HTTPAdapter):
    """Reads an answer to its end here, and gives up on one that is too long or takes too long."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """As its parent, with the body read. Raises `requests.RequestException`."""
        give_up_at = time.monotonic() + WHOLE_ANSWER_S
        answer = super().send(request, *args, **{**more, "stream": True})
        body = bytearray()
        try:
            # What has arrived, not a whole piece: a byte a second would else hold a thread for hours.
            while piece := answer.raw.read1(16 * 1024, decode_content=True):
                body += piece
                if len(body) > LONGEST_ANSWER or time.monotonic() > give_up_at:
                    raise requests.ConnectionError("the answer is too long, or takes too long")
        except HTTPError as error:
            raise requests.ConnectionError(type(error).__name__) from None
        finally:
            answer.close()
        answer._content = bytes(body)  # requests' own place for a body that was read
        return answer


def _bounded(session: Any) -> Any:
    """The session with bounded answers and without redirects, which an API of a provider has no need of."""
    session.mount("https://", _BoundedAdapter())
    session.mount("http://", _BoundedAdapter())
    session.max_redirects = 0
    return session
