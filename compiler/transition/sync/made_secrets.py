"""Secrets of no folder that go with the object from which an operator made them."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.objects import Key
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import (
    OWNER_KINDS,
    made_secret,
    owns_secret,
)


def rewritten_secrets(change: Change) -> Mapping[Key, Key]:
    """The Secrets that operators owned before, each with what made it and is written, or deleted, by the commit."""
    makers = (key for key in change.ops if key.distinct_kind in OWNER_KINDS and key in change.live.objects)
    return {made_secret(key, change.live.objects[key]): key for key in makers if _owned_before(change, key)}


def lost_secrets(change: Change) -> Mapping[Key, Key]:
    """The Secrets that operators delete, each with what made it: it goes, or makes a Secret of another name.

    What makes such a Secret again does so afterwards: for a moment it is away, as one that is created anew.

    Source: external-secrets, pkg/controllers/externalsecret (an Owner's Secret is garbage-collected with it; Secrets
    with its label of another name than its target's are deleted; one that another object owns is not taken over);
    sealed-secrets, pkg/controller (owner references).
    """
    made = rewritten_secrets(change)
    return {
        secret: maker
        for secret, maker in made.items()
        if _gives_up(change, maker, secret) and not _is_had_by_others(change, secret)
    }


def _owned_before(change: Change, maker: Key) -> bool:
    return owns_secret(maker, change.live.objects[maker])


def _gives_up(change: Change, maker: Key, secret: Key) -> bool:
    """Whether what made the Secret is deleted, perhaps to be created anew, or makes another one."""
    new = change.target.objects.get(maker)
    return new is None or change.recreated(maker) or made_secret(maker, new) != secret


def _is_had_by_others(change: Change, secret: Key) -> bool:
    """Whether somebody else had the Secret before.

    One that the folder has from now on is deleted all the same: an apply leaves the owner that it has.
    """
    return secret in change.live.objects or str(secret) in change.options.outside
