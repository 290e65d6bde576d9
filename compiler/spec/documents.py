"""An environment's documents, sorted by kind and read into models; the strategy's part by the strategy's own model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Final, Generic, TypeVar, cast

from compiler.diagnostics.model import Diagnostic, Path, Problem, Rejected, Related
from compiler.model.manifest import Origin
from compiler.model.provenance import traced_by
from compiler.source import Document
from compiler.source.document import UnparsedDocument
from compiler.spec.altered_variables import altered_variables
from compiler.spec.base import Model
from compiler.spec.environment import Environment
from compiler.spec.read import read_model
from compiler.spec.release import Group, Release
from compiler.support.suggest import did_you_mean

DocumentT = TypeVar("DocumentT")
KINDS: Final[dict[str, type[Model]]] = {"Environment": Environment, "Release": Release, "Group": Group}

WORDS: Final[Mapping[str | int, str]] = {"strategy": "strategy", "traffic": "traffic provider"}


@dataclass(frozen=True, slots=True)
class ChosenOption:
    """A one-of key (`strategy`, `traffic`): the key that was chosen, and the model of what it holds."""

    name: str
    model: Model
    path: Path


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    document: Document
    model: Release
    strategy: ChosenOption

    @property
    def name(self) -> str:
        return self.model.metadata.name


class UnreadRelease(ReleaseDocument):
    """A release that was read before from the same texts: read into models when one of them is asked for."""

    def __init__(self, document: UnparsedDocument, read: Callable[[], SpecReading[ReleaseDocument]]) -> None:
        object.__setattr__(self, "document", document)
        object.__setattr__(self, "_read", read)

    @property
    def name(self) -> str:
        return cast("UnparsedDocument", self.document).release

    def __getattr__(self, name: str) -> Any:
        """Only what is not there yet comes here."""
        if name not in ("model", "strategy"):
            raise AttributeError(name)
        value = self._read().value
        if value is None:
            raise ValueError(f"{self.document.file} was right before, from the same texts")
        object.__setattr__(self, "model", value.model)
        object.__setattr__(self, "strategy", value.strategy)
        return getattr(value, name)


@dataclass(frozen=True, slots=True)
class GroupDocument:
    document: Document
    model: Group

    @property
    def name(self) -> str:
        return self.model.metadata.name


@dataclass(frozen=True, slots=True)
class EnvironmentDocument:
    document: Document
    model: Environment
    traffic: tuple[ChosenOption, ...]


@dataclass(frozen=True, slots=True)
class SpecReading(Generic[DocumentT]):
    """What was read of one document, None where it is wrong, and all that is wrong with it."""

    value: DocumentT | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Documents:
    environment: EnvironmentDocument
    releases: tuple[ReleaseDocument, ...]
    groups: tuple[GroupDocument, ...]

    @cached_property
    def by_name(self) -> Mapping[str, ReleaseDocument]:
        return {release.name: release for release in self.releases}

    @cached_property
    def by_file(self) -> Mapping[str, EnvironmentDocument | ReleaseDocument | GroupDocument]:
        every: tuple[EnvironmentDocument | ReleaseDocument | GroupDocument, ...]
        every = (self.environment, *self.releases, *self.groups)
        return {each.document.file: each for each in every}


def read_documents(
    environment: Document,
    others: Sequence[Document],
    strategies: Mapping[str, type[Model]],
    providers: Mapping[str, type[Model]],
    before: Documents | None = None,
) -> Documents:
    """All of an environment's documents as models. Raises Rejected with every mistake in any of them.

    What was read for `before` is not read again.
    """
    known = before.by_file if before is not None else {}
    first = known_reading(known, environment) or read_environment_document(environment, providers)
    read = [known_reading(known, document) or read_document(document, strategies) for document in others]
    releases = tuple(each.value for each in read if isinstance(each.value, ReleaseDocument))
    groups = tuple(each.value for each in read if isinstance(each.value, GroupDocument))
    diagnostics = [each for part in (first, *read) for each in part.diagnostics]
    diagnostics += duplicates([*releases, *groups])
    if diagnostics or first.value is None:
        raise Rejected(diagnostics)
    return Documents(first.value, releases, groups)


def known_reading(known: Mapping[str, Any], document: Document) -> SpecReading[Any] | None:
    """What was read of this document, not of another text of its file."""
    value = known.get(document.file)
    return SpecReading(value, ()) if value is not None and value.document is document else None


def read_document(
    document: Document, strategies: Mapping[str, type[Model]]
) -> SpecReading[ReleaseDocument] | SpecReading[GroupDocument]:
    """A document beside the environment's own, by its kind."""
    if isinstance(document, UnparsedDocument):
        release: ReleaseDocument = UnreadRelease(document, partial(read_release, document, strategies))
        return SpecReading(release, ())
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if kind == "Release":
        read = read_release(document, strategies)
        return replace(read, diagnostics=(*read.diagnostics, *map(document.diagnose, altered_variables(document))))
    if kind == "Group":
        return read_group(document)
    # not SpecReading[GroupDocument](…): Python 3.11 cannot set `__orig_class__` on a frozen class with slots
    unknown: SpecReading[GroupDocument] = SpecReading(None, (document.diagnose(wrong_kind(kind)),))
    return unknown


def read_environment_document(
    document: Document, providers: Mapping[str, type[Model]]
) -> SpecReading[EnvironmentDocument]:
    model, problems = read_model(Environment, document.data)
    traffic: list[ChosenOption] = []
    data = chosen_option(document.data, "traffic")
    if data is not None:
        if not 1 <= len(data) <= 2:
            problems.append(
                Problem(
                    "traffic-one-of",
                    f"`traffic` has {len(data)} providers; use one, or two while you move from one to the other",
                    ("spec", "traffic"),
                    f"choose one of {', '.join(sorted(providers))}",
                    on_key=True,
                )
            )
        traffic, wrong = read_chosen_options(data, providers, ("spec", "traffic"))
        problems += wrong
    value = None if model is None or problems else EnvironmentDocument(document, model, tuple(traffic))
    return SpecReading(value, tuple(map(document.diagnose, problems)))


def read_release(document: Document, strategies: Mapping[str, type[Model]]) -> SpecReading[ReleaseDocument]:
    model, problems = read_model(Release, document.data)
    chosen: list[ChosenOption] = []
    data = chosen_option(document.data, "strategy")
    if data is not None:
        if len(data) != 1:
            problems.append(
                Problem(
                    "strategy-one-of",
                    f"`strategy` has {len(data)} keys, but needs exactly one",
                    ("spec", "strategy"),
                    f"choose one of {', '.join(sorted(strategies))}",
                    on_key=True,
                )
            )
        chosen, wrong = read_chosen_options(data, strategies, ("spec", "strategy"))
        problems += wrong
    value = None if model is None or problems else ReleaseDocument(document, model, chosen[0])
    return SpecReading(value, tuple(map(document.diagnose, problems)))


def read_group(document: Document) -> SpecReading[GroupDocument]:
    model, problems = read_model(Group, document.data)
    value = None if model is None else GroupDocument(document, model)
    return SpecReading(value, tuple(map(document.diagnose, problems)))


def chosen_option(data: Any, key: str) -> dict[str, Any] | None:
    spec = data.get("spec") if isinstance(data, dict) else None
    value = spec.get(key) if isinstance(spec, dict) else None
    return value if isinstance(value, dict) else None


def read_chosen_options(
    data: Mapping[str, Any], models: Mapping[str, type[Model]], base: Path
) -> tuple[list[ChosenOption], list[Problem]]:
    """The options that a one-of key names, as models, and what is wrong with them."""
    chosen, problems = [], []
    for name, value in data.items():
        if name not in models:
            problems.append(unknown_option(name, models, base))
            continue
        model, wrong = read_model(models[name], {} if value is None else value, (*base, name))
        problems += wrong
        if model is not None:
            chosen.append(ChosenOption(name, model, (*base, name)))
    return chosen, problems


def unknown_option(name: str, models: Mapping[str, type[Model]], base: Path) -> Problem:
    key = base[-1]
    guess = did_you_mean(name, sorted(models))
    text = f"did you mean `{guess}`?" if guess else f"choose one of: {', '.join(sorted(models))}"
    return Problem(f"{key}-unknown", f"`{name}` is not a valid {WORDS[key]}", (*base, name), text, on_key=True)


def wrong_kind(kind: Any) -> Problem:
    if kind == "Environment":
        return Problem(
            "environment-elsewhere", "a second Environment in this folder", ("kind",), "keep it in environment.yaml"
        )
    if kind is not None and not isinstance(kind, str):
        return Problem("kind-unknown", "`kind` must be a single word", ("kind",), f"write one of {', '.join(KINDS)}")
    guess = did_you_mean(str(kind), list(KINDS))
    text = f"did you mean `{guess}`?" if guess else "a spec's kind is Environment, Release or Group"
    missing = kind is None
    return Problem(
        "spec-missing-key" if missing else "kind-unknown",
        "the document has no `kind`" if missing else f"`{kind}` is not a kind of spec",
        ("kind",),
        text,
    )


def duplicates(documents: Sequence[ReleaseDocument | GroupDocument]) -> list[Diagnostic]:
    """Two specs of one name would write the same objects."""
    first: dict[str, ReleaseDocument | GroupDocument] = {}
    diagnostics = []
    for each in documents:
        other = first.setdefault(each.name, each)
        if other is not each:
            where = other.document.locate(("metadata", "name"))
            problem = Problem(
                "duplicate-name",
                f"the name {each.name} is already used by {where}",
                ("metadata", "name"),
                "give each release and group of an environment its own name",
            )
            related = (Related(where, f"the other {each.name}"),)
            diagnostics.append(replace(each.document.diagnose(problem), related=related))
    return diagnostics


def traced_release(source: ReleaseDocument) -> ReleaseDocument:
    strategy = source.strategy
    traced_strategy = replace(strategy, model=traced_by(strategy.model, release_origin, strategy.path))
    return ReleaseDocument(source.document, traced_by(source.model, release_origin), traced_strategy)


def release_origin(path: Path) -> Origin:
    return Origin(path, "overrides" if path[:2] == ("spec", "overrides") else "spec")


def traced_environment(source: EnvironmentDocument) -> EnvironmentDocument:
    model = traced_by(source.model, lambda path: Origin(path, "environment", "environment"))
    return EnvironmentDocument(source.document, model, tuple(map(traced_provider, source.traffic)))


def traced_provider(provider: ChosenOption) -> ChosenOption:
    via = f"provider {provider.name}"
    model = traced_by(provider.model, lambda path: Origin(path, via, "environment"), provider.path)
    return replace(provider, model=model)
