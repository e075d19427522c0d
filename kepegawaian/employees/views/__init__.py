"""Thin views over the verbs; each fetches through the scope, so that a stranger gets 404."""
