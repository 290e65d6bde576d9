"""A shard of an environment on what is published: what other shards write stands there as it was published.

So the commit of one shard is proven as what it is, a change of some folders, and the commits of all shards lead to the
tree of one run, in whatever order they come.
"""

from __future__ import annotations

from dataclasses import replace

from compiler.plan.states import readable_objects
from compiler.support.parallel import WHOLE
from compiler.tree.paths import top_folder
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment


def on_published_tree(built: BuiltEnvironment, base: PublishedTree) -> BuiltEnvironment:
    """The environment as it will stand on `base` once this shard of it is published."""
    if built.shard == WHOLE:
        return built
    kept = built.folders_of_others(base.folders)
    others = {path: data for path, data in base.files.items() if top_folder(path) in kept}
    applications = built.applications
    if not built.holds_own_objects:
        applications = tuple(readable_objects(base.manifests.get(built.environment.spec.argocd.path, {})))
    return replace(built, files={**others, **built.files}, kept=kept, applications=applications)
