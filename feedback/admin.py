"""What the admin shows of feedback, part by part."""

from feedback import admin_catalogue, admin_forums
from feedback.open311 import admin as admin_open311

__all__ = ["admin_catalogue", "admin_forums", "admin_open311"]
