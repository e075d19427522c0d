"""How API clients sign in: the browser's session, or a personal access token."""

from knox.auth import TokenAuthentication as KnoxAuthentication


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token <secret>`."""
