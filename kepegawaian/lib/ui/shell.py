"""The doors of the portal and their pages. Every app registers its own from its apps.py `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.ui.addresses import address
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


@dataclass(frozen=True, slots=True, eq=False)
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
    _place.cache_clear()


def unregister(url_name: str) -> None:
    _entries.pop(url_name, None)
    _place.cache_clear()


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


Pages = tuple[tuple[MenuEntry, int], ...]
"""Entries that a person may open, each with what waits there."""


@dataclass(frozen=True)
class Frame:
    """The doors and their pages with their markup, equal for everybody who has the same pages on the same page."""

    doors: list[OpenDoor]
    me: list[Link]
    search: Link | None
    notices: Link | None

    @cached_property
    def search_field(self) -> str:
        return render_to_string("layout/_search.html", {"search": self.search}) if self.search else ""

    @cached_property
    def tools(self) -> str:
        return render_to_string("layout/_tools.html", {"search": self.search, "notices": self.notices})

    @cached_property
    def rail(self) -> str:
        return render_to_string("layout/_rail.html", {"doors": self.doors})

    @cached_property
    def bar(self) -> str:
        return render_to_string("layout/_doors.html", {"doors": self.doors})

    @cached_property
    def my_links(self) -> str:
        return render_to_string("layout/_my_links.html", {"links": self.me})


def _link(entry: MenuEntry, at: str, badge: int) -> Link:
    url = address(entry.url_name)
    return Link(str(entry.label), url, entry.icon, url == at, badge, str(entry.hint))


def _links(pages: Pages, code: str, at: str) -> list[Link]:
    chosen = [(entry, badge) for entry, badge in pages if entry.door == code]
    chosen.sort(key=lambda pair: (pair[0].order, pair[0].url_name))
    return [_link(entry, at, badge) for entry, badge in chosen]


def _open(door: Door, pages: Pages, at: str, *, home: bool) -> OpenDoor:
    links = _links(pages, door.code, at)
    if door.code == HOME:
        url = address("home")
        if home:
            links.insert(0, Link(str(door.label), url, door.icon, at == url))
    elif len(links) == 1:
        url = links[0].url
    else:
        url = reverse("ui:door", args=[door.code])
    current = at == url or any(link.current for link in links)
    return OpenDoor(door.code, str(door.label), str(door.short), door.icon, url, current, links)


@lru_cache(maxsize=512)
def _frame(language: str, pages: Pages, at: str, home: bool, search: Pages, notices: Pages) -> Frame:
    """`language` is the active one; all that a frame shows follows from these."""
    opened = [_open(door, pages, at, home=home) for door in DOORS.values()]
    doors = [door for door in opened if door.links]
    found, told = ([_link(entry, at, badge) for entry, badge in tool] for tool in (search, notices))
    return Frame(doors, _links(pages, ME, at), found[0] if found else None, told[0] if told else None)


def belongs_to(request: HttpRequest, url: str) -> None:
    """This page is lit at the entry with that address, whatever its own begins with."""
    request._menu_place = url  # type: ignore[attr-defined]


class Shell:
    """What the layout asks for; nothing is computed before a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def frame(self) -> Frame:
        make = _frame.__wrapped__ if settings.DEBUG else _frame
        pages = self._pages(*DOORS, ME)
        brought = (self._tool(tools.search), self._tool(tools.notices))
        made: Frame = make(get_language() or "", pages, self._at, signed_in(self.request), *brought)
        return made

    @property
    def doors(self) -> list[OpenDoor]:
        """Home first, then every door with at least one page for this person."""
        return self.frame.doors

    @property
    def me(self) -> list[Link]:
        return self.frame.me

    @cached_property
    def public(self) -> list[Link]:
        """Asked apart from the other doors, for which a visitor's session would be loaded."""
        return _links(self._pages(PUBLIC), PUBLIC, self._at)

    @property
    def name(self) -> str:
        return str(self.request.user) if signed_in(self.request) else ""

    @property
    def search(self) -> Link | None:
        return self.frame.search

    @property
    def notices(self) -> Link | None:
        return self.frame.notices

    def door(self, code: str) -> OpenDoor | None:
        return next((door for door in self.doors if door.code == code), None)

    def _tool(self, entry: MenuEntry | None) -> Pages:
        return ((entry, self._waiting(entry)),) if entry and entry.visible(self.request) else ()

    def _pages(self, *codes: str) -> Pages:
        mine = (entry for entry in _entries.values() if entry.door in codes and entry.visible(self.request))
        return tuple((entry, self._waiting(entry)) for entry in mine)

    def _waiting(self, entry: MenuEntry) -> int:
        return entry.badge(self.request) if entry.badge else 0

    @cached_property
    def _at(self) -> str:
        """Home, a door, or the entry whose address is the longest beginning of this page's: a detail page lights
        its list, unless its view said which."""
        return getattr(self.request, "_menu_place", "") or _place(self.request.path)


@lru_cache(maxsize=4096)
def _place(path: str) -> str:
    if path == address("home") or path.startswith(_doors_begin()):
        return path
    urls = [address(name) for name in _entries]
    return max((url for url in urls if path.startswith(url) and url != "/"), key=len, default="")


@cache
def _doors_begin() -> str:
    return reverse("ui:door", args=["-"]).partition("-")[0]
