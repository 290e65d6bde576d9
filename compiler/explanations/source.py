"""Every code that the reader of specs and manifests can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_YAML = "YAML 1.2.2"
_KUBERNETES = "sigs.k8s.io/yaml, which kubectl and Argo CD read with"
_REVIEW = "Trojan Source (CVE-2021-42574): text that people and compilers read differently"
_LIMIT = "compiler/source/dialects.py"

CODES: dict[str, Explanation] = {
    "yaml-syntax": Explanation(
        "The file is not YAML",
        "The YAML parser stopped here and cannot read the rest of the file.",
        "Check the indentation. Quote values that contain ': ' or ' #', or that begin with @ ` % & * or !.",
        f"{_YAML}; libyaml's scanner and parser",
    ),
    "yaml-conflict": Explanation(
        "A merge was not finished",
        "Git left both versions of a change in the file, between the lines <<<<<<<, ======= and >>>>>>>.",
        "Keep the version that is right, and delete those lines.",
        "git-merge(1), HOW CONFLICTS ARE PRESENTED",
    ),
    "yaml-tab": Explanation(
        "A tab is used for indentation",
        "YAML allows only spaces for indentation, because tabs have no fixed width.",
        "Replace the tab with spaces.",
        f"{_YAML}, chapter 6.1",
    ),
    "yaml-empty": Explanation(
        "The file contains no document",
        "The file is empty or contains only comments.",
        "Write the spec, or remove the file.",
        "Shipway's design: one document a file",
    ),
    "yaml-not-a-mapping": Explanation(
        "The document is not a mapping",
        "The top level of a spec, as of every Kubernetes object, is a mapping of keys to values.",
        "Begin with apiVersion:, kind:, metadata: and spec:.",
        "Kubernetes API conventions",
    ),
    "yaml-several-documents": Explanation(
        "A spec file contains more than one document",
        "Some programs ignore everything after the second ---, others read it as the spec.",
        "Move each document into a file of its own.",
        "Shipway's design: one document a file",
    ),
    "yaml-duplicate-key": Explanation(
        "A mapping contains a key twice",
        "YAML forbids this. Programs that accept it keep the last value and silently drop the first.",
        "Remove one of the two, or merge their values.",
        f"{_YAML}, chapter 3.2.1.3",
    ),
    "yaml-key-not-text": Explanation(
        "A key is not text",
        "Keys of Kubernetes objects are text. Without quotes, 1 is a number, true is a boolean and null is nothing.",
        "Quote the key.",
        _KUBERNETES,
    ),
    "yaml-alias": Explanation(
        "A spec uses an anchor or alias",
        "An alias repeats text from another place. A reviewer of the line does not see the value, and a few lines can "
        "expand to gigabytes.",
        "Write the value out. Put values that releases share into a base file, and name it in spec.extends.",
        "Shipway's design; the 'billion laughs' attack",
    ),
    "yaml-alias-unknown": Explanation(
        "An alias refers to an anchor that does not exist",
        "The anchor is missing, or the alias is inside the value that it refers to.",
        "Define the anchor above the alias.",
        f"{_YAML}, chapter 7.1",
    ),
    "yaml-alias-expansion": Explanation(
        "Aliases expand to too much data",
        "With all aliases expanded, the document would be larger than any set of manifests.",
        "Write the values out, or use fewer aliases.",
        _LIMIT,
    ),
    "yaml-merge-key": Explanation(
        "A merge key is not allowed here",
        "<< copies the keys of another mapping. In a spec it hides values from reviewers. In a manifest its value must "
        "be a mapping or a list of mappings.",
        "Write the keys out. Releases share values through a base file, named in spec.extends.",
        "YAML 1.1 merge type; sigs.k8s.io/yaml, goyaml.v2/decode.go, merge",
    ),
    "yaml-tag": Explanation(
        "A tag changes what a value is",
        "Tags such as !!python/object or !secret ask the program to run code. Shipway reads only data.",
        "Remove the tag. Quote the value if it is text.",
        f"{_YAML}, chapter 10; {_KUBERNETES}",
    ),
    "yaml-directive": Explanation(
        "A spec begins with a YAML directive",
        "%YAML and %TAG change how the text is read. Shipway reads YAML 1.2 and supports no directives.",
        "Delete the line that begins with %.",
        f"{_YAML}, chapter 6.8",
    ),
    "yaml-number-range": Explanation(
        "A number is out of range",
        "Numbers in Kubernetes are 64-bit integers or finite floats.",
        "Quote the value if it is text. Otherwise choose a number in this range.",
        "Kubernetes API conventions; JSON (RFC 8259), chapter 6",
    ),
    "yaml-leading-zero": Explanation(
        "A number has a leading zero",
        "YAML 1.2 reads 010 as ten. YAML 1.1, which kubectl and Argo CD use, reads it as eight.",
        "Write the number without the zero, or quote it.",
        "YAML 1.1 int type; YAML 1.2.2, chapter 10.3.2",
    ),
    "yaml-control-character": Explanation(
        "The file contains an invisible character",
        "Reviewers cannot see control characters, zero-width characters and Unicode line separators, and a terminal "
        "runs some of them as commands.",
        "Remove the character.",
        _REVIEW,
    ),
    "yaml-bidi-control": Explanation(
        "The file contains a bidirectional control character",
        "It makes an editor show the text in another order than the one in the file.",
        "Remove the character.",
        _REVIEW,
    ),
    "yaml-byte-order-mark": Explanation(
        "The file contains a byte order mark",
        "U+FEFF is not part of the YAML text at the start of a file, and is invisible anywhere else.",
        "Save the file as UTF-8 without a byte order mark.",
        f"{_YAML}, chapter 5.2",
    ),
    "yaml-encoding": Explanation(
        "The file is not UTF-8",
        "The file contains bytes that are not valid UTF-8. The column counts the characters before them.",
        "Save the file as UTF-8.",
        "RFC 3629",
    ),
    "yaml-too-large": Explanation(
        "The file is too large",
        "No spec or set of manifests is this large, so Shipway does not read it.",
        "Split the file, or move data that is not configuration out of the spec.",
        _LIMIT,
    ),
    "yaml-too-deep": Explanation(
        "The document is nested too deeply",
        "Nothing in Kubernetes nests this deeply.",
        "Look for a bracket that is not closed. Otherwise, flatten the value.",
        _LIMIT,
    ),
    "yaml-too-many-values": Explanation(
        "The document contains too many values",
        "No spec contains this many values.",
        "Split the file, or move data that is not configuration out of the spec.",
        _LIMIT,
    ),
    "file-missing": Explanation(
        "A file does not exist",
        "The spec names a file that does not exist, or a folder in its path does not exist.",
        "Correct the path. It is relative to the file that names it.",
        "Shipway's design",
    ),
    "file-outside": Explanation(
        "A path leaves the folder of the specs",
        "The output may depend only on files below the folder given by -C. An absolute path, too many .., or a "
        "symbolic "
        "link would make it depend on the machine.",
        "Move the file below that folder, or run Shipway with -C and a folder above both.",
        "Shipway's design: output is a function of the specs alone",
    ),
    "file-of-git": Explanation(
        "A path leads into the folder `.git`",
        "Files in `.git` are not sources. They differ in every clone and may contain a token, which would be "
        "published.",
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
        "Read the reason in the message. Often a permission is missing.",
        "open(2)",
    ),
    "extends-not-a-path": Explanation(
        "spec.extends is not a path",
        "It names one file, relative to the file that contains it.",
        "Write, for example: extends: ../../bases/web.yaml",
        "Shipway's design: a release may name a base",
    ),
    "extends-cycle": Explanation(
        "Bases extend each other in a circle",
        "The files extend each other in a circle, so none of them has a value.",
        "Remove spec.extends from one of these files.",
        "Shipway's design: a release may name a base",
    ),
    "extends-too-long": Explanation(
        "A chain of bases is too long",
        "With this many files, nobody can tell where a value comes from.",
        "Merge some of the bases.",
        _LIMIT,
    ),
    "extends-kind": Explanation(
        "A spec extends a file of another kind",
        "A release can extend only a base release. Values of another kind have no meaning in it.",
        "Name a base of this kind, or one without a kind.",
        "Shipway's design: a release may name a base",
    ),
}
