"""Codes for the shape of an object, from its schema."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_SCHEMA = "the OpenAPI schemas of Kubernetes and the CRDs of the custom resources"
_CORE = "k8s.io/kubernetes/pkg/apis/core/validation/validation.go"
_NETWORKING = "k8s.io/kubernetes/pkg/apis/networking/validation/validation.go"
_META = "k8s.io/apimachinery/pkg/util/validation/validation.go"

SCHEMA: dict[str, Explanation] = {
    "kind-unknown": Explanation(
        "This version of Kubernetes does not have this kind",
        "The API server does not serve this apiVersion and kind, so it refuses the object.",
        "Use the apiVersion that the environment's Kubernetes version serves.",
        _SCHEMA,
    ),
    "field-unknown": Explanation(
        "The kind does not have this field",
        "The API server refuses an unknown field, or silently drops it if validation is not strict.",
        "Correct the name, or move the field to the right place.",
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
        "The field expects another type. In YAML, quotes decide between text and numbers.",
        "Write a value of the type that the message names.",
        _SCHEMA,
    ),
    "value-not-allowed": Explanation(
        "The field does not accept this value",
        "The API server accepts only a fixed list of words here, with exact spelling.",
        "Use one of the words that the message lists.",
        _CORE,
    ),
    "value-out-of-range": Explanation(
        "A number or a length is out of range",
        "The API server limits this value.",
        "Use a value in the range that the message names.",
        _CORE,
    ),
    "value-malformed": Explanation(
        "A value has the wrong form",
        "The API server checks the form of this value.",
        "Write the value in the form that the message names.",
        _CORE,
    ),
    "choice-of-one": Explanation(
        "One of several fields must be chosen",
        "These fields exclude each other, or one of them is required.",
        "Keep exactly one of them.",
        _CORE,
    ),
    "data-not-plain": Explanation(
        "A value is not plain data",
        "Objects consist of maps with text keys, lists, text, numbers, true, false and null. A strategy or a traffic "
        "provider wrote something else into an object.",
        "No spec should cause this: it is a bug in the strategy or the provider. Report it with the spec.",
        "compiler/model/manifest.py",
    ),
}

FORM: dict[str, Explanation] = {
    "name-invalid": Explanation(
        "A name breaks the rules of DNS",
        "Names become host names or parts of URLs, so they must be lowercase and short.",
        "Rename it. Up to 63 lowercase letters, digits and `-` are always valid.",
        f"RFC 1035, RFC 1123; {_META}",
    ),
    "label-invalid": Explanation(
        "A label, annotation key or selector breaks the rules",
        "Keys have an optional DNS prefix and at most 63 characters. Label values have at most 63 characters.",
        "Shorten it. Use only letters, digits, `-`, `_` and `.`.",
        _META,
    ),
    "annotations-too-large": Explanation(
        "The annotations exceed 256 KiB",
        "The API server limits the total size of an object's annotations.",
        "Move the data into a ConfigMap.",
        "k8s.io/apimachinery/pkg/api/validation/objectmeta.go",
    ),
    "quantity-invalid": Explanation(
        "A value is not a quantity",
        "CPU, memory and storage are numbers with an optional suffix: m, k, M, G, Ki, Mi, Gi and so on.",
        "Write, for example, `250m`, `2` or `512Mi`.",
        "k8s.io/apimachinery/pkg/api/resource/quantity.go",
    ),
    "requests-exceed-limits": Explanation(
        "A container requests more than its limit",
        "The API server refuses this container.",
        "Lower the request, or raise the limit.",
        _CORE,
    ),
    "port-invalid": Explanation(
        "A value is not a port",
        "Ports are 1 to 65535. Port names have at most 15 lowercase letters, digits and `-`.",
        "Use a number in that range, or a name of that form.",
        f"RFC 6335; {_META}",
    ),
    "host-invalid": Explanation(
        "A host is not a DNS name",
        "Routes match lowercase DNS names. A wildcard (`*.`) is allowed only as the first part.",
        "Write only the host, without scheme, port or path.",
        _NETWORKING,
    ),
    "image-invalid": Explanation(
        "An image reference has the wrong form",
        "The kubelet cannot pull it (InvalidImageName).",
        "Write [registry/]name[:tag][@sha256:digest].",
        "github.com/distribution/reference",
    ),
    "resource-unknown": Explanation(
        "This resource does not exist",
        "A container can request `cpu`, `memory`, `ephemeral-storage` and huge pages. Devices need a domain before a "
        "`/`.",
        "Correct the name, or add the domain of the device.",
        _CORE,
    ),
    "env-name-invalid": Explanation(
        "The name of an environment variable has the wrong form",
        "Kubernetes before 1.34 accepts only letters, digits, `_`, `-` and `.`, and no digit at the start.",
        "Rename the variable.",
        _META,
    ),
    "data-key-invalid": Explanation(
        "A key of a ConfigMap or Secret has the wrong form",
        "Keys become file names.",
        "Use at most 253 letters, digits, `-`, `_` and `.`.",
        _META,
    ),
}
