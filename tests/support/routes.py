"""Every named address of the portal, walked from the resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def _walk(patterns, namespaces=(), arguments=()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        own = (*arguments, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, own)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*namespaces, pattern.name)), own


def routes() -> dict[str, tuple[str, ...]]:
    """Name -> names of its arguments. The admin has tests of its own."""
    found: dict[str, tuple[str, ...]] = {}
    for name, arguments in _walk(get_resolver().url_patterns):
        if not name.startswith("admin:"):
            found.setdefault(name, arguments)
    return dict(sorted(found.items()))
