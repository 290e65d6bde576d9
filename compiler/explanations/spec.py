"""Every code that reading a spec into its model can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "spec-unknown-key": Explanation(
        "The key is not known here",
        "A misspelled key would silently leave the default in place, so unknown keys are errors.",
        "Use the key that the help line names. `shipway schema` prints all keys.",
        "Shipway's design: the spec",
    ),
    "spec-missing-key": Explanation(
        "A required key is missing",
        "Shipway does not guess this value, because two people would guess differently.",
        "Add the key, here or in the base that `spec.extends` names.",
        "Shipway's design: the spec",
    ),
    "spec-wrong-type": Explanation(
        "The value has the wrong type",
        'Shipway never converts a value silently: `6` is a number, `"6"` is text.',
        "Add or remove the quotes, as the help line says.",
        "Shipway's design: the spec",
    ),
    "spec-wrong-value": Explanation(
        "The value is not allowed here",
        "The key accepts only certain values: a name, a range, or one of a list.",
        "Use a value that the help line describes. `shipway schema` prints what is allowed.",
        "Shipway's design: the spec",
    ),
    "variable-rewritten": Explanation(
        "YAML would change the text of a variable",
        "A container reads variables as text. Without quotes, YAML reads `1.10` as the number 1.1, `0x1F` as 31 and "
        "`True` as a boolean, so the container would get another text.",
        "Quote the value, or write it as the container should read it.",
        "Kubernetes: EnvVar; YAML 1.2.2, chapter 10.3.2",
    ),
    "kind-unknown": Explanation(
        "The document is not a Shipway spec",
        "A spec is an Environment, a Release or a Group.",
        "Correct `kind`, or move other YAML files out of the environment's folder.",
        "Shipway's design: the spec",
    ),
    "environment-elsewhere": Explanation(
        "A folder has only one Environment",
        "It is in `environment.yaml`. A second one would contradict it about where releases are published.",
        "Create a separate folder for the other environment.",
        "Shipway's design: the spec",
    ),
    "duplicate-name": Explanation(
        "Two specs have the same name",
        "They would write the same objects.",
        "Give each release and group in an environment its own name.",
        "Shipway's design: the spec",
    ),
    "environment-name": Explanation(
        "An environment must have the name of its folder",
        "The published branch and path follow the name. A copied folder with the old name would be published over the "
        "environment that it was copied from.",
        "Set `metadata.name` to the name of the folder.",
        "Shipway's design: the spec",
    ),
    "strategy-one-of": Explanation(
        "A release has exactly one strategy",
        "`strategy` has one key, the name of the strategy.",
        "Keep one key. To move to another strategy, replace the key.",
        "Shipway's design: one-of keys, as in Argo Rollouts",
    ),
    "strategy-unknown": Explanation(
        "This strategy does not exist",
        "The key below `strategy` is not the name of a strategy.",
        "Use one that the help line names.",
        "Shipway's design: the spec",
    ),
    "traffic-one-of": Explanation(
        "An environment has one traffic provider",
        "Two are allowed only while you move from one to the other.",
        "Keep one. `shipway plan` shows the steps of a move.",
        "Shipway's design: the spec",
    ),
    "traffic-unknown": Explanation(
        "This traffic provider does not exist",
        "The key below `traffic` is not the name of a provider.",
        "Use one that the help line names.",
        "Shipway's design: the spec",
    ),
}
