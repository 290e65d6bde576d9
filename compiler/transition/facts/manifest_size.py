"""How large a manifest is in the annotation where a client-side apply keeps a copy of it.

Source: kubectl, pkg/util/apply.go `GetModifiedConfiguration`; apimachinery, pkg/api/validation/objectmeta.go
`TotalAnnotationSizeLimitB`, of the keys and values of all annotations.
"""

from __future__ import annotations

import json

from compiler.model.manifest import Object
from compiler.model.objects import annotations_of

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
MAX_ANNOTATION_BYTES = 1 << 18
ESCAPED = "<>&"
ESCAPE_BYTES = 5
"""what Go's encoder writes for one of these beside the first byte: `\\u003c`"""


def fits_its_annotation(obj: Object) -> bool:
    """Whether the API server takes the object with a copy of itself among its annotations."""
    others = sum(len(key.encode()) + len(str(value).encode()) for key, value in annotations_of(obj).items())
    return len(LAST_APPLIED) + others + _json_bytes(obj) <= MAX_ANNOTATION_BYTES


def _json_bytes(obj: Object) -> int:
    text = json.dumps(obj, ensure_ascii=False, separators=(",", ":"), default=str)
    escapes = ESCAPE_BYTES * sum(map(text.count, ESCAPED))
    return len(text.encode(errors="replace")) + escapes + len("\n")
