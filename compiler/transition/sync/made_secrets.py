"""Secrets of no folder that go with the object from which an operator made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.model.objects import Key
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import (
    OWNER_KINDS,
    made_secret,
    owns_secret,
)
from compiler.transition.sync.snapshot import Snapshot


def rewritten_secrets(change: Change) -> Mapping[Key, Key]:
    """The Secrets that operators owned before, each with what made it and is written, or deleted, by the commit."""
    makers = (key for key in change.ops if key.distinct_kind in OWNER_KINDS and key in change.live.objects)
    return {made_secret(key, change.live.objects[key]): key for key in makers if _owned_before(change, key)}


def lost_secrets(change: Change) -> Mapping[Key, Key]:
    """The Secrets that operators delete, each with what made it: it goes, or makes a Secret of another name.

    Source: external-secrets, pkg/controllers/externalsecret (an Owner's Secret is garbage-collected with it; Secrets
    with its label of another name than its target's are deleted); sealed-secrets, pkg/controller (owner references).
    """
    made = rewritten_secrets(change)
    kept = set(_made_at_once(change.target)) if made else set()
    return {
        secret: maker for secret, maker in made.items() if secret not in kept and not _is_had_by_others(change, secret)
    }


def _owned_before(change: Change, maker: Key) -> bool:
    return owns_secret(maker, change.live.objects[maker])


def _made_at_once(snapshot: Snapshot) -> Iterator[Key]:
    """What operators make again as soon as it is gone: a certificate has to be issued first."""
    for kind in OWNER_KINDS:
        yield from (made_secret(key, snapshot.objects[key]) for key in snapshot.of_kind(kind))


def _is_had_by_others(change: Change, secret: Key) -> bool:
    """Whether somebody else had the Secret before.

    One that the folder has from now on is deleted all the same: an apply leaves the owner that it has.
    """
    return secret in change.live.objects or str(secret) in change.options.outside
