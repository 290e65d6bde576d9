"""Every code that reading a spec into its model can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "spec-unknown-key": Explanation(
        "The key is none of those that may stand here",
        "A misspelt key would silently mean the default, so unknown keys are errors.",
        "Write the key that the help line names; `shipway schema` prints all of them.",
        "Shipway's design: the spec",
    ),
    "spec-missing-key": Explanation(
        "A key that must be there is missing",
        "Nothing in Shipway guesses it: two readers of the spec would guess differently.",
        "Add it; a base that `spec.extends` names may hold it too.",
        "Shipway's design: the spec",
    ),
    "spec-wrong-type": Explanation(
        "The value is of another type",
        'Nothing is converted in silence: `6` is a number, `"6"` is text.',
        "Quote it, or take the quotes away, as the help line says.",
        "Shipway's design: the spec",
    ),
    "spec-wrong-value": Explanation(
        "The value is not allowed here",
        "The key takes only some values: a name, a range, one of a list.",
        "Write one that the help line describes; `shipway schema` prints what is allowed.",
        "Shipway's design: the spec",
    ),
    "variable-rewritten": Explanation(
        "A variable's text would not be the one that is written",
        "A container reads variables as text. Unquoted, YAML takes `1.10` for the number 1.1, `0x1F` for 31, `True` "
        "for a boolean, and their text is another.",
        "Put the value into quotes, or write it as it shall be read.",
        "Kubernetes: EnvVar; YAML 1.2.2, chapter 10.3.2",
    ),
    "kind-unknown": Explanation(
        "The document is no spec of Shipway",
        "A spec is an Environment, a Release or a Group.",
        "Mend `kind`, or move other YAML out of the folder of the environment.",
        "Shipway's design: the spec",
    ),
    "environment-elsewhere": Explanation(
        "A folder has one Environment",
        "It stands in `environment.yaml`; a second one would say where releases go twice.",
        "Make a folder of its own for the other environment.",
        "Shipway's design: the spec",
    ),
    "duplicate-name": Explanation(
        "Two specs have one name",
        "They would write the same objects.",
        "Give each release and group of an environment a name of its own.",
        "Shipway's design: the spec",
    ),
    "environment-name": Explanation(
        "An environment is called as its folder is",
        "The published branch and path follow the name: a copied folder that keeps it would be published over the "
        "environment that it was copied from.",
        "Write the folder's name as `metadata.name`.",
        "Shipway's design: the spec",
    ),
    "strategy-one-of": Explanation(
        "A release has exactly one strategy",
        "`strategy` has one key, the name of the strategy.",
        "Keep one; moving to another strategy replaces the key.",
        "Shipway's design: one-of keys, as in Argo Rollouts",
    ),
    "strategy-unknown": Explanation(
        "There is no such strategy",
        "The key below `strategy` is none that is registered.",
        "Choose one that the help line names.",
        "Shipway's design: the spec",
    ),
    "traffic-one-of": Explanation(
        "An environment has one traffic provider",
        "Two may stand there only while moving from one to the other.",
        "Keep one; `shipway plan` shows the steps of a move.",
        "Shipway's design: the spec",
    ),
    "traffic-unknown": Explanation(
        "There is no such traffic provider",
        "The key below `traffic` is none that is registered.",
        "Choose one that the help line names.",
        "Shipway's design: the spec",
    ),
}
