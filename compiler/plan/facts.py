"""What a plan and a publish are judged on, as values: the published tree, its history, the clock, the specs' commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from compiler.diagnostics.model import Diagnostic
from compiler.model.manifest import Object
from compiler.model.plan import PilotMove
from compiler.model.spec_changes import SpecChanges
from compiler.tree.departure import Departure
from compiler.tree.published_tree import PublishedTree
from compiler.tree.unconfirmed import UnconfirmedHistory


@dataclass(frozen=True, slots=True)
class PublishFacts:
    """All of one environment's facts at one moment."""

    base: PublishedTree
    history: UnconfirmedHistory
    now: datetime
    departed: tuple[Departure, ...] = ()
    """the releases that left earlier, where a route comes that one of them may still have in the cluster"""
    confirmed: str | None = None
    """the published commit that Argo CD is known to have synced"""
    published_source: str | None = None
    """the commit of the specs that rendered what is published, where that is known"""
    published_compiler: str | None = None
    """the version of Shipway that rendered what is published, where that is known"""
    spec_changes: SpecChanges | None = None
    """what changed in the specs since `published_source`; None where nobody asked, or the commit is not here"""
    source_refusal: Diagnostic | None = None
    """why a render of these specs would take back what is published"""
    signature_refusal: Diagnostic | None = None
    """why what is published is not trusted, where only signed commits are synced"""
    running: tuple[Object, ...] = ()
    """what the cluster holds today that no publish has put there, where somebody says so"""
    notes: tuple[str, ...] = ()
    """sentences about what could not be decided"""
    moves: Mapping[str, tuple[PilotMove, ...]] = field(default_factory=dict)
    """what the pilot did in the present course of each release or group"""
