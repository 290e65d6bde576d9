"""Codes for the shape of an object: what its schema says."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_SCHEMA = "the OpenAPI schemas of Kubernetes and the CRDs of the custom resources"
_CORE = "k8s.io/kubernetes/pkg/apis/core/validation/validation.go"
_NETWORKING = "k8s.io/kubernetes/pkg/apis/networking/validation/validation.go"
_META = "k8s.io/apimachinery/pkg/util/validation/validation.go"

SCHEMA: dict[str, Explanation] = {
    "kind-unknown": Explanation(
        "This version of Kubernetes has no such kind",
        "The API server refuses an object whose apiVersion and kind it does not serve.",
        "Use the apiVersion that the environment's Kubernetes version serves.",
        _SCHEMA,
    ),
    "field-unknown": Explanation(
        "The kind has no such field",
        "With strict validation the API server refuses an unknown field; without it, it drops the field in silence.",
        "Correct the name, or move the field to where it belongs.",
        _SCHEMA,
    ),
    "field-missing": Explanation(
        "A required field is missing",
        "The API server refuses the object without it.",
        "Add the field.",
        _SCHEMA,
    ),
    "field-type": Explanation(
        "A value has the wrong type",
        "The field takes another type of value; YAML's quotes decide between text and numbers.",
        "Write a value of the type that the message names.",
        _SCHEMA,
    ),
    "value-not-allowed": Explanation(
        "A value is none of those that the field takes",
        "The API server accepts a fixed set of words here, in exactly this spelling.",
        "Use one of the words that the message lists.",
        _CORE,
    ),
    "value-out-of-range": Explanation(
        "A number or a length is out of its range",
        "The API server bounds this value.",
        "Choose a value within the bounds that the message names.",
        _CORE,
    ),
    "value-malformed": Explanation(
        "A value does not have the form that the field asks for",
        "The API server checks the form of this value.",
        "Write it in the form that the message names.",
        _CORE,
    ),
    "choice-of-one": Explanation(
        "One of several fields must be chosen",
        "These fields exclude each other, or one of them has to be there.",
        "Keep exactly the one that is meant.",
        _CORE,
    ),
    "data-not-plain": Explanation(
        "A value is no plain data",
        "Objects consist of maps with text keys, lists, text, numbers, true, false and null.",
        "This is a fault of a strategy or provider; report it with the spec.",
        "compiler/manifest.py",
    ),
}

FORM: dict[str, Explanation] = {
    "name-invalid": Explanation(
        "A name breaks the rules of DNS",
        "Names become host names or parts of URLs, so they are lower case and short.",
        "Rename it; names of 63 lower-case letters, digits and `-` fit everywhere.",
        f"RFC 1035, RFC 1123; {_META}",
    ),
    "label-invalid": Explanation(
        "A label, annotation key or selector breaks the rules",
        "Keys have an optional DNS prefix and at most 63 characters; values of labels have at most 63.",
        "Shorten it, or replace what is no letter, digit, `-`, `_` or `.`.",
        _META,
    ),
    "annotations-too-large": Explanation(
        "The annotations exceed 256 KiB",
        "The API server bounds all annotations of an object together.",
        "Move the data into a ConfigMap.",
        "k8s.io/apimachinery/pkg/api/validation/objectmeta.go",
    ),
    "quantity-invalid": Explanation(
        "A value is no quantity",
        "CPU, memory and storage are numbers with an optional suffix: m, k, M, G, Ki, Mi, Gi and so on.",
        "Write for example `250m`, `2` or `512Mi`.",
        "k8s.io/apimachinery/pkg/api/resource/quantity.go",
    ),
    "requests-exceed-limits": Explanation(
        "A container requests more than its limit",
        "The API server refuses such a container.",
        "Lower the request, or raise the limit.",
        _CORE,
    ),
    "port-invalid": Explanation(
        "A port is none",
        "Ports are 1 to 65535; names of ports have at most 15 lower-case letters, digits and `-`.",
        "Use a number in that range, or a name of that form.",
        f"RFC 6335; {_META}",
    ),
    "host-invalid": Explanation(
        "A host is no DNS name",
        "Routes match lower-case DNS names, `*.` at most as the first part.",
        "Write the host without scheme, port or path.",
        _NETWORKING,
    ),
    "image-invalid": Explanation(
        "A reference to an image has a wrong form",
        "The kubelet could not pull it: InvalidImageName.",
        "Write [registry/]name[:tag][@sha256:digest].",
        "github.com/distribution/reference",
    ),
    "resource-unknown": Explanation(
        "There is no such resource",
        "A container asks for `cpu`, `memory`, `ephemeral-storage` or huge pages; devices have a domain before a `/`.",
        "Correct the name, or write the device's domain.",
        _CORE,
    ),
    "env-name-invalid": Explanation(
        "A name of an environment variable has a wrong form",
        "Kubernetes before 1.34 takes letters, digits, `_`, `-` and `.` only, and no digit first.",
        "Rename the variable.",
        _META,
    ),
    "data-key-invalid": Explanation(
        "A key of a ConfigMap or Secret has a wrong form",
        "Keys become names of files.",
        "Use at most 253 letters, digits, `-`, `_` and `.`.",
        _META,
    ),
}
