"""What the admin shows of feedback, part by part."""

from feedback import admin_forums

__all__ = ["admin_forums"]
