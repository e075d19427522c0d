"""The doors of the portal and their pages. Every app registers its own from its apps.py `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.ui.icons import ICONS

Text = str | Promise
HOME, MY, TEAM, OFFICE, PUBLIC = "home", "my", "team", "office", "public"
ME = "me"  # not a door: the links in the menu under one's own name


def everyone(request: HttpRequest) -> bool:
    return True


def signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


@dataclass(frozen=True, slots=True)
class Door:
    """One of at most five ways in; `short` is the word under the icon of the phone's bar."""

    code: str
    label: Text
    short: Text
    icon: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page inside a door. `visible` must cost no statement when the person's rights are loaded;
    `badge` counts what waits there (0 shows nothing) and is asked once a page, only when visible."""

    door: str
    label: Text
    url_name: str
    icon: str
    visible: Callable[[HttpRequest], bool] = signed_in
    order: int = 100
    badge: Callable[[HttpRequest], int] | None = None
    hint: Text = ""


DOORS = {
    door.code: door
    for door in (
        Door(HOME, _("Beranda"), _("Beranda"), "home"),
        Door(MY, _("Saya"), _("Saya"), "user"),
        Door(TEAM, _("Tim saya"), _("Tim saya"), "users"),
        Door(OFFICE, _("Kantor"), _("Kantor"), "building-office-2"),
        Door(PUBLIC, _("Layanan publik"), _("Publik"), "megaphone"),
    )
}
_entries: dict[str, MenuEntry] = {}


@dataclass(slots=True)
class Tools:
    """What stands in the header when an app brings it: a search page taking `?q=`, the notices."""

    search: MenuEntry | None = None
    notices: MenuEntry | None = None


tools = Tools()


def register(entry: MenuEntry) -> None:
    """Add a page to its door; registering the same url_name again replaces it."""
    if entry.door not in DOORS and entry.door != ME:
        raise ImproperlyConfigured(f"menu entry {entry.url_name}: there is no door {entry.door!r}")
    if entry.icon not in ICONS:
        raise ImproperlyConfigured(f"menu entry {entry.url_name}: icon {entry.icon!r} is not in lib/ui/icons.py")
    _entries[entry.url_name] = entry


def unregister(url_name: str) -> None:
    _entries.pop(url_name, None)


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry as one person sees it on one page."""

    label: Text
    url: str
    icon: str
    current: bool
    badge: int = 0
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door that the person has, with the pages that the person may open."""

    code: str
    label: Text
    short: Text
    icon: str
    url: str
    current: bool
    links: list[Link] = field(default_factory=list)

    @property
    def badge(self) -> int:
        return sum(link.badge for link in self.links)


class Shell:
    """What the layout asks for; nothing is computed before a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def doors(self) -> list[OpenDoor]:
        """Home first, then every door with at least one page for this person."""
        opened = [self._open(door) for door in DOORS.values()]
        return [door for door in opened if door.links]

    @cached_property
    def public(self) -> list[Link]:
        return self._links(PUBLIC)

    @property
    def name(self) -> str:
        return str(self.request.user) if signed_in(self.request) else ""

    @cached_property
    def me(self) -> list[Link]:
        return self._links(ME)

    @cached_property
    def search(self) -> Link | None:
        return self._tool(tools.search)

    @cached_property
    def notices(self) -> Link | None:
        return self._tool(tools.notices)

    def _tool(self, entry: MenuEntry | None) -> Link | None:
        return self._link(entry) if entry and entry.visible(self.request) else None

    def door(self, code: str) -> OpenDoor | None:
        return next((door for door in self.doors if door.code == code), None)

    def _open(self, door: Door) -> OpenDoor:
        links = self._links(door.code)
        if door.code == HOME:
            url = reverse("home")
            if signed_in(self.request):
                links.insert(0, Link(door.label, url, door.icon, self.request.path == url))
        elif len(links) == 1:
            url = links[0].url
        else:
            url = reverse("ui:door", args=[door.code])
        current = self.request.path == url or any(link.current for link in links)
        return OpenDoor(door.code, door.label, door.short, door.icon, url, current, links)

    def _links(self, code: str) -> list[Link]:
        entries = [entry for entry in _entries.values() if entry.door == code and entry.visible(self.request)]
        entries.sort(key=lambda entry: (entry.order, entry.url_name))
        return [self._link(entry) for entry in entries]

    def _link(self, entry: MenuEntry) -> Link:
        url = reverse(entry.url_name)
        return Link(
            label=entry.label,
            url=url,
            icon=entry.icon,
            current=url == self._current_url,
            badge=entry.badge(self.request) if entry.badge else 0,
            hint=entry.hint,
        )

    @cached_property
    def _current_url(self) -> str:
        """The entry whose address is the longest beginning of this page's: a detail page lights its list."""
        path = self.request.path
        urls = [reverse(name) for name in _entries]
        return max((url for url in urls if path.startswith(url) and url != "/"), key=len, default="")
