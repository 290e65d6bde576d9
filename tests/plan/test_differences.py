"""Differences of two trees: by object and field, with nothing secret in them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from compiler.model.plan import FieldChange, ObjectChange
from compiler.plan.differences import UNREADABLE, object_changes
from compiler.tree.yaml import emit


def obj(kind: str, name: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "ns"}, **rest}


def tree(*objects: dict[str, Any]) -> dict[str, bytes]:
    return {f"web/{each['kind'].lower()}-{each['metadata']['name']}.yaml": emit(each) for each in objects}


def deployment(**container: Any) -> dict[str, Any]:
    web = {"name": "web", "image": "a:1", **container}
    return obj("Deployment", "web", spec={"replicas": 2, "template": {"spec": {"containers": [web]}}})


def only(changes: tuple[ObjectChange, ...]) -> ObjectChange:
    assert len(changes) == 1, changes
    return changes[0]


def fields(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    return only(object_changes(tree(before), tree(after))).fields


CONTAINER = "spec.template.spec.containers[web]"


def test_equal_trees_have_no_changes() -> None:
    assert object_changes(tree(deployment()), tree(deployment())) == ()


def test_other_bytes_for_the_same_object_are_no_change() -> None:
    assert (
        object_changes({"a.yaml": b"kind: A\nmetadata: {name: x}\n"}, {"a.yaml": b"metadata:\n  name: x\nkind: A\n"})
        == ()
    )


def test_indexes_and_readme_are_no_objects() -> None:
    assert object_changes({"README.md": b"a", "web/.shipway": b"{}"}, {"README.md": b"b", "web/.shipway": b"{ }"}) == ()


def test_added_and_deleted_objects_show_their_file() -> None:
    old, new = obj("Service", "a"), obj("Service", "b")
    added, deleted = sorted(object_changes(tree(old), tree(new)), key=lambda change: change.action)
    assert (added.action, added.name, added.before, added.after) == ("add", "b", None, emit(new))
    assert (deleted.action, deleted.name, deleted.before, deleted.after) == ("delete", "a", emit(old), None)


def test_a_field_of_a_named_item() -> None:
    assert fields(deployment(), deployment(image="a:2")) == (FieldChange(f"{CONTAINER}.image", "a:1", "a:2"),)


def test_a_field_that_comes_and_one_that_goes() -> None:
    assert fields(deployment(), deployment(workingDir="/x")) == (FieldChange(f"{CONTAINER}.workingDir", None, "/x"),)
    assert fields(deployment(tty=True), deployment()) == (FieldChange(f"{CONTAINER}.tty", True, None),)


def test_null_is_not_absent() -> None:
    assert fields(obj("A", "a", spec=None), obj("A", "a")) == (FieldChange("spec", "null", None),)


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), ("1", 1), ([1], [True]), ({"a": 1}, {"a": True})])
def test_another_type_is_another_value(before: object, after: object) -> None:
    assert fields(obj("A", "a", x=before), obj("A", "a", x=after))


def test_keys_with_dots_stand_in_brackets() -> None:
    old = obj("A", "a", metadata={"name": "a", "annotations": {"argocd.argoproj.io/sync-wave": "0"}})
    new = obj("A", "a", metadata={"name": "a", "annotations": {"argocd.argoproj.io/sync-wave": "2"}})
    assert fields(old, new) == (FieldChange("metadata.annotations[argocd.argoproj.io/sync-wave]", "0", "2"),)


def test_a_reordering_is_shown_as_such() -> None:
    one, two = {"name": "A", "value": "1"}, {"name": "B", "value": "2"}
    assert fields(deployment(env=[one, two]), deployment(env=[two, one])) == (
        FieldChange(f"{CONTAINER}.env", ["A", "B"], ["B", "A"], moved=True),
    )
    assert fields(deployment(args=["x", "y"]), deployment(args=["y", "x"])) == (
        FieldChange(f"{CONTAINER}.args", ["x", "y"], ["y", "x"], moved=True),
    )


def test_an_item_inserted_first_moves_nothing() -> None:
    one, two = {"name": "A", "value": "1"}, {"name": "B", "value": "2"}
    assert fields(deployment(env=[two]), deployment(env=[one, two])) == (FieldChange(f"{CONTAINER}.env[A]", None, one),)


@pytest.mark.parametrize(
    ("key", "old", "new", "path"),
    [
        ("ports", {"port": 80, "protocol": "TCP"}, {"targetPort": 1}, "ports[80/TCP].targetPort"),
        ("volumeMounts", {"mountPath": "/a"}, {"readOnly": True}, "volumeMounts[/a].readOnly"),
        ("rules", {"matches": [{"path": {"value": "/v1"}}]}, {"timeouts": "1s"}, "rules[/v1].timeouts"),
        ("rules", {"host": "a.example"}, {"http": "x"}, "rules[a.example].http"),
        ("metrics", {"type": "Resource", "resource": {"name": "cpu"}}, {"x": 1}, "metrics[Resource/cpu].x"),
        ("volumes", {"name": "v"}, {"emptyDir": {}}, "volumes[v].emptyDir"),
    ],
)
def test_what_names_an_item(key: str, old: dict[str, Any], new: dict[str, Any], path: str) -> None:
    change = fields(obj("A", "a", **{key: [old]}), obj("A", "a", **{key: [{**old, **new}]}))
    assert [each.path for each in change] == [path]


def test_weights_of_a_route_by_match_and_backend() -> None:
    def route(blue: int, green: int) -> dict[str, Any]:
        match = {"path": {"value": "/v1"}, "headers": [{"name": "X-Preview", "value": "true"}]}
        backends = [{"name": "web-blue", "weight": blue}, {"name": "web-green", "weight": green}]
        return obj("HTTPRoute", "web", spec={"rules": [{"matches": [match], "backendRefs": backends}]})

    place = "spec.rules[/v1 X-Preview=true].backendRefs"
    assert fields(route(100, 0), route(75, 25)) == (
        FieldChange(f"{place}[web-blue].weight", 100, 75),
        FieldChange(f"{place}[web-green].weight", 0, 25),
    )


def test_items_that_nothing_names_are_aligned() -> None:
    old, new = [{"a": 1}, {"b": 2}], [{"a": 1}, {"c": 0}, {"b": 2}]
    assert fields(obj("A", "a", x=old), obj("A", "a", x=new)) == (FieldChange("x[1]", None, {"c": 0}),)


def test_names_that_differ_in_a_hash_are_one_object() -> None:
    old, new = obj("ConfigMap", "web-config-46cdf12f94", data={"A": "1"}), obj("ConfigMap", "web-config-0123456789")
    change = only(object_changes(tree(old), tree({**new, "data": {"A": "2"}})))
    assert (change.action, change.was, change.name) == ("replace", "web-config-46cdf12f94", "web-config-0123456789")
    assert change.fields == (FieldChange("data.A", "1", "2"),)


def test_a_new_hash_beside_the_old_one_is_an_addition() -> None:
    old, new = obj("ConfigMap", "web-config-46cdf12f94"), obj("ConfigMap", "web-config-0123456789")
    assert only(object_changes(tree(old), tree(old, new))).action == "add"


def test_env_from_another_hash_is_one_change() -> None:
    def source(name: str) -> list[dict[str, Any]]:
        return [{"configMapRef": {"name": name}}]

    before, after = deployment(envFrom=source("c-46cdf12f94")), deployment(envFrom=source("c-0123456789"))
    path = f"{CONTAINER}.envFrom[c].configMapRef.name"
    assert fields(before, after) == (FieldChange(path, "c-46cdf12f94", "c-0123456789"),)


SECRETS = [
    obj("Secret", "s", data={"password": "aHVzaC1vbmU=", "same": "c2FtZQ=="}),
    obj("Secret", "s", stringData={"password": "hush-one", "same": "same"}),
    obj("SealedSecret", "s", spec={"encryptedData": {"password": "hush-one", "same": "same"}}),
]


@pytest.mark.parametrize("before", SECRETS)
def test_of_secrets_only_the_keys_are_known(before: dict[str, Any]) -> None:
    text = emit(before).replace(b"hush-one", b"hush-two").replace(b"aHVzaC1vbmU=", b"aHVzaC10d28=")
    change = only(object_changes(tree(before), {"web/" + f"{before['kind'].lower()}-s.yaml": text}))
    assert [(each.path.rpartition(".")[2], each.secret) for each in change.fields] == [("password", True)]
    answer = repr(change)
    assert "hush" not in answer and "aHVz" not in answer and "c2FtZQ" not in answer
    assert b'password: "(hidden, another value)"' in (change.after or b"")
    assert b'same: "(hidden)"' in (change.after or b"")


def test_added_and_deleted_secrets_are_masked() -> None:
    for before, after in (({}, tree(SECRETS[0])), (tree(SECRETS[0]), {})):
        assert "aHVz" not in repr(object_changes(before, after))


def test_a_whole_data_section_that_comes_shows_its_keys() -> None:
    change = only(object_changes(tree(obj("Secret", "s")), tree(SECRETS[0])))
    assert change.fields == (FieldChange("data", None, ["password", "same"], secret=True),)


def test_kubectls_copy_of_a_secret_is_masked() -> None:
    copy = {"kubectl.kubernetes.io/last-applied-configuration": '{"data":{"password":"aHVz"}}'}
    before = {**SECRETS[0], "metadata": {"name": "s", "namespace": "ns", "annotations": copy}}
    assert "aHVz" not in repr(object_changes(tree(before), tree(SECRETS[0])))


def test_a_file_that_is_no_yaml_is_named_and_not_shown() -> None:
    change = only(object_changes({}, {"web/a.yaml": b"kind: Secret\ndata: {password: [hush\n"}))
    assert (change.kind, change.after) == (UNREADABLE, None)


def test_many_documents_and_lists_are_objects() -> None:
    old = b"kind: A\nmetadata: {name: x}\n---\nkind: List\nitems:\n- kind: B\n  metadata: {name: yy}\n  z: 1\n"
    change = only(object_changes({"all.yaml": old}, {"all.yaml": old.replace(b"z: 1", b"z: 2")}))
    assert (change.kind, change.name, change.fields) == ("B", "yy", (FieldChange("z", 1, 2),))


def test_long_lists_take_no_time() -> None:
    old, new = [{"v": n} for n in range(3000)], [{"v": n} for n in range(3000, 0, -1)]
    start = time.perf_counter()
    assert fields(obj("A", "a", x=old), obj("A", "a", x=new))
    assert time.perf_counter() - start < 2


def test_thousands_of_unchanged_files_cost_nothing() -> None:
    files = {f"r{n}/deployment-web.yaml": emit(deployment()) for n in range(10_000)}
    start = time.perf_counter()
    assert len(object_changes(files, {**files, "r5/deployment-web.yaml": emit(deployment(image="a:2"))})) == 1
    assert time.perf_counter() - start < 0.2
