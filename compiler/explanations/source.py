"""Every code that the reader of specs and manifests can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_YAML = "YAML 1.2.2"
_KUBERNETES = "sigs.k8s.io/yaml, which kubectl and Argo CD read with"
_REVIEW = "Trojan Source (CVE-2021-42574): text that reads otherwise than it compiles"
_LIMIT = "compiler/source/dialects.py"

CODES: dict[str, Explanation] = {
    "yaml-syntax": Explanation(
        "The file is not YAML",
        "The YAML parser stopped here: from this place on the text has no meaning as YAML.",
        "Look at the indentation, and at unquoted values that hold ': ', ' #', or begin with one of @ ` % & * !.",
        f"{_YAML}; libyaml's scanner and parser",
    ),
    "yaml-conflict": Explanation(
        "A merge was not finished",
        "Git leaves both versions of what two branches changed, between lines of <<<<<<<, ======= and >>>>>>>.",
        "Keep what is right, and remove those lines.",
        "git-merge(1), HOW CONFLICTS ARE PRESENTED",
    ),
    "yaml-tab": Explanation(
        "A tab is used for indentation",
        "YAML indents with spaces only, for a tab has no width that all readers agree on.",
        "Replace the tab by spaces.",
        f"{_YAML}, chapter 6.1",
    ),
    "yaml-empty": Explanation(
        "The file holds no document",
        "The file is empty, or holds comments only.",
        "Write the spec, or remove the file.",
        "Shipway's design: one document a file",
    ),
    "yaml-not-a-mapping": Explanation(
        "The document is not a mapping",
        "A spec, like every Kubernetes object, is a mapping of keys to values at its top.",
        "Begin with apiVersion:, kind:, metadata: and spec:.",
        "Kubernetes API conventions",
    ),
    "yaml-several-documents": Explanation(
        "A spec file holds more than one document",
        "What follows the second --- would be ignored by some readers and taken as the spec by others.",
        "Move each document into a file of its own.",
        "Shipway's design: one document a file",
    ),
    "yaml-duplicate-key": Explanation(
        "A key stands twice in one mapping",
        "YAML forbids it; readers that allow it keep the last one and silently drop the other.",
        "Remove one of the two, or merge what they hold.",
        f"{_YAML}, chapter 3.2.1.3",
    ),
    "yaml-key-not-text": Explanation(
        "A key is not text",
        "Keys of Kubernetes objects are text. An unquoted 1, true or null is a number, a boolean or nothing.",
        "Quote the key.",
        _KUBERNETES,
    ),
    "yaml-alias": Explanation(
        "A spec uses an anchor or alias",
        "An alias stands for text elsewhere: a reviewer of the line does not see its value, and a few lines can "
        "stand for gigabytes.",
        "Write the value out, or move what releases share into a base named by spec.extends.",
        "Shipway's design; facts of 'billion laughs'",
    ),
    "yaml-alias-unknown": Explanation(
        "An alias names no finished anchor",
        "The anchor is missing, or the alias stands inside what it refers to.",
        "Define the anchor above the alias.",
        f"{_YAML}, chapter 7.1",
    ),
    "yaml-alias-expansion": Explanation(
        "Aliases expand to too much",
        "Written out, the document would be larger than any set of manifests.",
        "Write the values out, or use fewer aliases.",
        _LIMIT,
    ),
    "yaml-merge-key": Explanation(
        "A merge key is used where it cannot be",
        "<< copies the keys of another mapping: in a spec the line does not show what it means; in a manifest its "
        "value must be a mapping or a list of mappings.",
        "Write the keys out; releases share values through a base named by spec.extends.",
        "YAML 1.1 merge type; sigs.k8s.io/yaml, goyaml.v2/decode.go, merge",
    ),
    "yaml-tag": Explanation(
        "A tag changes what a value is",
        "Tags such as !!python/object or !secret ask the reader to do something; Shipway reads data only.",
        "Remove the tag; quote the value if it is text.",
        f"{_YAML}, chapter 10; {_KUBERNETES}",
    ),
    "yaml-directive": Explanation(
        "A spec begins with a YAML directive",
        "%YAML and %TAG change how a reader takes the text; Shipway reads YAML 1.2 without them.",
        "Remove the line that begins with %.",
        f"{_YAML}, chapter 6.8",
    ),
    "yaml-number-range": Explanation(
        "A number is out of range",
        "Kubernetes' numbers are 64-bit integers and finite floats.",
        "Quote the value if it is text; else choose a number within range.",
        "Kubernetes API conventions; JSON (RFC 8259), chapter 6",
    ),
    "yaml-leading-zero": Explanation(
        "A number has a leading zero",
        "010 is ten to YAML 1.2 and eight to YAML 1.1, which kubectl and Argo CD read.",
        "Write it without the zero, or quote it.",
        "YAML 1.1 int type; YAML 1.2.2, chapter 10.3.2",
    ),
    "yaml-control-character": Explanation(
        "The file holds a character that nobody sees",
        "Control characters, zero-width characters and Unicode's line separators are invisible in a review, and some "
        "are commands to a terminal.",
        "Remove the character.",
        _REVIEW,
    ),
    "yaml-bidi-control": Explanation(
        "The file holds a bidirectional control character",
        "It makes an editor show the characters around it in another order than the compiler reads them.",
        "Remove the character.",
        _REVIEW,
    ),
    "yaml-byte-order-mark": Explanation(
        "The file holds a byte order mark",
        "U+FEFF at the beginning is not part of the YAML text, elsewhere it is invisible.",
        "Save the file as UTF-8 without BOM.",
        f"{_YAML}, chapter 5.2",
    ),
    "yaml-encoding": Explanation(
        "The file is not UTF-8",
        "A byte sequence stands for no character in UTF-8; the column counts the characters before it.",
        "Save the file as UTF-8.",
        "RFC 3629",
    ),
    "yaml-too-large": Explanation(
        "The file is too large",
        "No spec or set of manifests is this large; reading it would only cost time and memory.",
        "Split it, or move data that is not configuration out of the spec.",
        _LIMIT,
    ),
    "yaml-too-deep": Explanation(
        "The document is nested too deeply",
        "Nothing in Kubernetes nests this deeply.",
        "Look for brackets that are not closed; else flatten the value.",
        _LIMIT,
    ),
    "yaml-too-many-values": Explanation(
        "The document holds too many values",
        "No spec holds this many values.",
        "Split it, or move data that is not configuration out of the spec.",
        _LIMIT,
    ),
    "file-missing": Explanation(
        "A file does not exist",
        "The spec names a file that is not there, or a folder on its way is not.",
        "Correct the path: it is relative to the file that names it.",
        "Shipway's design",
    ),
    "file-outside": Explanation(
        "A path leaves the folder of the specs",
        "Output is a function of the files below the folder given by -C: an absolute path, too many .., or a symbolic "
        "link would make it depend on the machine.",
        "Move the file below that folder, or call Shipway with -C on a folder above both.",
        "Shipway's design: output is a function of the specs alone",
    ),
    "file-of-git": Explanation(
        "A path leads into Git's own folder",
        "What stands in `.git` is no source, differs in every clone and may hold a token: it would be published.",
        "Name a file of the repository.",
        "Shipway's design: output is a function of the specs alone",
    ),
    "file-not-regular": Explanation(
        "A path is not a regular file",
        "It is a folder, a socket, a pipe or a device.",
        "Name a regular file.",
        "stat(2)",
    ),
    "file-unreadable": Explanation(
        "A file cannot be read",
        "The operating system refused to open or to read it.",
        "See the reason in the message; often it is a permission.",
        "open(2)",
    ),
    "extends-not-a-path": Explanation(
        "spec.extends is not a path",
        "It names one file, relative to the file it stands in.",
        "Write for example: extends: ../../bases/web.yaml",
        "Shipway's design: a release may name a base",
    ),
    "extends-cycle": Explanation(
        "Bases extend each other in a circle",
        "A file that in the end extends itself has no value.",
        "Remove spec.extends from one of the files of the circle.",
        "Shipway's design: a release may name a base",
    ),
    "extends-too-long": Explanation(
        "A chain of bases is too long",
        "Nobody can tell where a value comes from through so many files.",
        "Merge some of the bases.",
        _LIMIT,
    ),
    "extends-kind": Explanation(
        "A spec extends a file of another kind",
        "A release is laid over a base release; another kind's values mean nothing in it.",
        "Name a base whose kind is the same, or that names no kind.",
        "Shipway's design: a release may name a base",
    ),
}
