"""An OpenID Connect provider on this machine: discovery, token with a signed id token, userinfo, keys."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT_ID, CLIENT_SECRET = "portal", "rahasia-klien"


class Provider:
    """`claims` are what it says about whoever signs in there; `requests` what it was asked."""

    def __init__(self):
        self.claims = {"sub": "orang-1"}
        self.challenge = ""
        self.broken = False
        self.requests = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer({})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer({name: values[0] for name, values in parse_qs(body).items()})

            def _answer(self, form):
                status, payload = provider.answer(urlsplit(self.path).path, form)
                body = json.dumps(payload).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, form):
        self.requests.append((path, form))
        if self.broken:
            return 503, {}
        pages = {
            "/.well-known/openid-configuration": self.configuration,
            "/token": lambda: self.token(form),
            "/userinfo": lambda: self.claims,
            "/keys": self.keys,
        }
        answer = pages[path]()
        return answer if isinstance(answer, tuple) else (200, answer)

    def configuration(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self):
        return {"keys": [{**json.loads(RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "1", "alg": "RS256"}]}

    def token(self, form):
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if form["client_secret"] != CLIENT_SECRET or proof.decode().rstrip("=") != self.challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        identity = {**self.claims, "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        return {
            "access_token": "x",
            "token_type": "Bearer",
            "id_token": jwt.encode(identity, KEY, algorithm="RS256", headers={"kid": "1"}),
        }
