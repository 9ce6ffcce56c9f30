"""A provider of identities on this machine: a real authorization server (Authlib) that signs with a real key.

It checks what it is asked (PKCE, one use of a code, the client's secret) as a municipality would.
It can be told to answer wrongly, slowly or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "stoepkrijt", "a-secret-between-two"
Claims = dict[str, Any]


class Client(ClientMixin):
    """Our site, as the provider knows it."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope if scope == "openid" else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """A code that was given out, and with what."""

    code: str
    user: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


def new_key(kid: str = "first") -> RSAKey:
    """A key of 2048 bits to sign with."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig", "alg": "RS256"}, private=True)


@dataclass
class LocalProvider:
    """What tests turn."""

    issuer: str = ""
    user: str = "burger-0001"
    # What the provider answers to somebody who comes to sign in: an OAuth error instead of a code.
    refuses_with: str | None = None
    published: list[RSAKey] = field(default_factory=lambda: [new_key()])
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    changes: Callable[[Claims], Claims] = dict
    # Path → an answer instead of its own.
    instead: dict[str, Callable[[], Response]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorization_request: dict[str, str] = field(default_factory=dict)
    token_request: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(""))

    def metadata(self) -> dict[str, Any]:
        """Its discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            # `none` is allowed by the standard, and a trap: nobody signs it.
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        }

    def id_token(self, claims: Claims) -> str:
        """Signed as told."""
        key = self.signs_with or self.published[0]
        header = {"alg": self.algorithm, "kid": key.kid}
        if self.algorithm == "RS256":
            return jwt.encode(header, claims, key, ["RS256"])
        secret = OctKey.import_key(SECRET)
        return jwt.encode(header, claims, secret, [self.algorithm])


def _server(app: Flask, provider: LocalProvider) -> AuthorizationServer:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            provider.codes[code] = Code(
                code,
                request.user,
                request.payload.redirect_uri,
                request.payload.scope,
                data.get("nonce", ""),
                data.get("code_challenge", ""),
                data.get("code_challenge_method", ""),
            )

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes.pop(authorization_code.code)

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    class Identity(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
            now = int(time.time())
            claims = {
                "iss": provider.issuer,
                "aud": CLIENT,
                "sub": request.user,
                "iat": now,
                "exp": now + 300,
                "nonce": request.authorization_code.nonce,
                "name": "Jan de Vries",
            }
            return provider.id_token(provider.changes(claims))

    server = AuthorizationServer(
        app, query_client=lambda name: provider.client if name == CLIENT else None, save_token=lambda *_: None
    )
    server.register_grant(Grant, [Identity(require_nonce=True), CodeChallenge(required=True)])
    return server


def _app(provider: LocalProvider) -> Flask:
    app = Flask("provider")
    server = _server(app, provider)

    @app.before_request
    def noted() -> Response | None:
        provider.asked.append(request.path)
        other = provider.instead.get(request.path)
        return other() if other else None

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(provider.metadata())

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(KeySet(list(provider.published)).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Any:
        provider.authorization_request = request.args.to_dict()
        if provider.refuses_with:
            told = urlencode({"error": provider.refuses_with, "state": request.args["state"]})
            return Response(status=302, headers={"Location": f"{request.args['redirect_uri']}?{told}"})
        grant = server.get_consent_grant(end_user=provider.user)
        return server.create_authorization_response(grant=grant, grant_user=provider.user)

    @app.post("/token")
    def token() -> Any:
        provider.token_request = request.form.to_dict()
        return server.create_token_response()

    return app


@contextmanager
def local_provider(redirect_uri: str) -> Iterator[LocalProvider]:
    """A provider that listens on a free port of this machine."""
    provider = LocalProvider(client=Client(redirect_uri))
    app: WSGIApplication = _app(provider)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(5)
