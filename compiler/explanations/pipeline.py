"""Every code of the pipeline itself and of the commands, in words: folders, groups, neighbours, publishing."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "no-environments": Explanation(
        "There are no specs here",
        "Shipway looks for `environments/<name>/environment.yaml` below the folder of `-C`.",
        "Name the folder with -C, or make one with `shipway init`.",
        "Shipway's design: the spec",
    ),
    "target-shared": Explanation(
        "Two environments are published to one folder",
        "A publish removes what its environment does not have, so each would remove the other's releases; and what "
        "stands inside a folder of one, but is the other's, is foreign to it.",
        "Give one of them a path or a branch of its own.",
        "Shipway's design: the published tree",
    ),
    "project-shared": Explanation(
        "Two environments write one AppProject",
        "An AppProject lists the destinations and kinds of one environment. Where two environments of one Argo CD give "
        "it one name, the one that is applied last takes the other's Applications their permission.",
        "Give one of them another `argocd.project`. Where each has an Argo CD of its own, nothing is wrong.",
        "Argo CD docs/operator-manual/project.yaml",
    ),
    "argocd-path-taken": Explanation(
        "Argo CD's objects would lie in another folder's place",
        "`argocd.path` is a folder of its own below `gitops.path`; a release's folder and `_environment` are taken.",
        "Name another folder.",
        "Shipway's design: the published tree",
    ),
    "out-in-specs": Explanation(
        "A build would write among the specs",
        "Below `environments/` are the specs; manifests there would be taken for them, and committed with them.",
        "Name a folder elsewhere with `--out`.",
        "Shipway's design: commands",
    ),
    "system-refused": Explanation(
        "The system refused to read or write",
        "A disk is full, a name is too long, a file or the output cannot be read or written: the message names it.",
        "See to what the message names, and run the same command again.",
        "errno(3)",
    ),
    "promotion-unknown": Explanation(
        "An environment promotes from one that there is not",
        "`promotesFrom` names the environments that a version has to serve in first; a name that is none would let "
        "every version pass.",
        "Write the name of another folder of `environments/`.",
        "Shipway's design: promotion",
    ),
    "unknown-environment": Explanation(
        "There is no environment of that name",
        "The folder `environments/` has none that is called so.",
        "Name one of those listed.",
        "Shipway's design: the spec",
    ),
    "name-incomplete": Explanation(
        "A release is named with its environment",
        "One name stands in several environments: `prod/recommender`.",
        "Write ENV/RELEASE.",
        "Shipway's design: commands",
    ),
    "file-name-strange": Explanation(
        "A spec's file has a name that cannot be shown",
        "The name holds bytes that are no UTF-8, or characters that nobody sees or a terminal obeys.",
        "Rename the file.",
        "Shipway's design: errors",
    ),
    "file-name-secret": Explanation(
        "A key stands where the name of its file belongs",
        "The field takes the name of a file. It holds PEM text: a certificate or a private key.",
        "Write the text into a file beside the spec and name that file. Replace a private key that was committed.",
        "Shipway's design: the spec",
    ),
    "file-name-twice": Explanation(
        "One name stands for two files",
        "A path is relative to the spec that names it, and a base may stand in another folder: the same name then "
        "means two files, of which one would be read for both.",
        "Rename one of the files.",
        "Shipway's design: a release may name a base",
    ),
    "file-not-text": Explanation(
        "A file that the spec names is no text",
        "What it is put into (a ConfigMap's `data`, a certificate) holds UTF-8.",
        "Save it as UTF-8, or mount it from a volume.",
        "Kubernetes: ConfigMap",
    ),
    "internal-exposed": Explanation(
        "An internal release says how it is reached from outside",
        "`expose.internal` keeps every router away from a release; a host or a certificate would have no effect.",
        "Remove `internal` to expose it, or the host and the certificate to keep it inside.",
        "Shipway's design: the spec",
    ),
    "node-port-closed": Explanation(
        "A node port has no Service that opens it",
        "Only Services of type NodePort or LoadBalancer have node ports.",
        "Add `type: NodePort`, or remove `nodePort`.",
        "Kubernetes: Service",
    ),
    "image-volume-gated": Explanation(
        "Images as volumes stand behind a feature gate",
        "In this version of Kubernetes they are off by default: the API server drops the volume's source, and refuses "
        "the pods without it.",
        "See that the cluster has the gate ImageVolume, use a `claim`, or move to Kubernetes 1.35.",
        "Kubernetes: KEP-4639",
    ),
    "strip-exact": Explanation(
        "An exact path has no rest to pass on",
        "`stripPrefix` passes on what follows the path; after an exact path nothing follows.",
        "Remove `stripPrefix`, or let `pathType` be Prefix.",
        "Gateway API: HTTPRoute, ReplacePrefixMatch",
    ),
    "replicas-or-autoscale": Explanation(
        "Two say how many pods run",
        "`replicas` and `autoscale` would take turns in setting the number.",
        "Keep one of them.",
        "Kubernetes: HorizontalPodAutoscaler",
    ),
    "autoscale-range": Explanation(
        "The numbers of pods contradict each other",
        "`min` is the least, `max` the most, and `switchAt` lies between: it is the minimum while a course is open.",
        "Put them in order.",
        "Kubernetes: HorizontalPodAutoscaler",
    ),
    "preset-unknown": Explanation(
        "There is no such preset",
        "A preset fills in arguments, port, probes and drain time.",
        "Choose one that the help line names, or write them out.",
        "Shipway's design: presets",
    ),
    "routes-tie": Explanation(
        "Two releases answer the same requests",
        "Equal routes of two objects are decided by age or at random, not by you.",
        "Give one of them a path or a host of its own.",
        "Gateway API: HTTPRouteRule precedence; ingress-nginx: oldest rule wins",
    ),
    "objects-clash": Explanation(
        "Two releases write one object",
        "Tracks are named after their release: `web-blue` of the release `web`, and the release `web-blue` itself.",
        "Rename one of the releases.",
        "Shipway's design: the published tree",
    ),
    "serving-track-changed": Explanation(
        "A new version would roll the track that serves",
        "blueGreen and canary have a second track so that a version is seen to work before it gets requests.",
        "Leave the serving track as it is, and bring the version in with `shipway start`.",
        "Shipway's design: a release's course",
    ),
    "group-membership-changed": Explanation(
        "A release joins, leaves or changes its group",
        "Its objects would pass from one Application to another: Argo CD sees two owners, and the one that is pruned "
        "deletes what the other has taken over.",
        "Hand over by hand, in the steps that the help line names.",
        "Argo CD controller/state.go: SharedResourceWarning",
    ),
    "strategy-move": Explanation(
        "Moving to another strategy takes several commits",
        "The tracks of one strategy are not those of another; the new ones have to serve before the old ones go.",
        "Publish the steps that the help line names, in turn.",
        "Shipway's design: a release's course",
    ),
    "provider-move": Explanation(
        "Moving to another traffic provider takes several commits",
        "Until clients reach the new entry, the old one has to route them, and what it routes to has to stay.",
        "Publish the steps that the help line names, in turn.",
        "Shipway's design: a release's course",
    ),
    "group-entry": Explanation(
        "The entry is no member",
        "The entry is the member that is reached from outside; its route makes the group's one switch.",
        "Add it to `members`, or name another.",
        "Shipway's design: groups",
    ),
    "group-member-unknown": Explanation(
        "A member is no release here",
        "The group names a release that the environment does not have.",
        "Correct the name, or add the release.",
        "Shipway's design: groups",
    ),
    "group-member-taken": Explanation(
        "A release moves with one group",
        "Two groups would switch it at two instants.",
        "Take it out of one of them.",
        "Shipway's design: groups",
    ),
    "group-needs-blue-green": Explanation(
        "Members of a group are blueGreen",
        "One world for each colour needs two colours.",
        "Use `blueGreen` without `active`, which the group has.",
        "Shipway's design: groups",
    ),
    "group-member-exposed": Explanation(
        "Only the entry is reached from outside",
        "Clients outside the group would not follow its switch, and would meet a contract that they do not speak.",
        "Reach it through the entry, or make it `versioned` outside the group.",
        "Shipway's design: groups",
    ),
    "plan-differs": Explanation(
        "This is not what was reviewed",
        "`publish --plan DIGEST` publishes exactly what the plan showed; the specs, the compiler or the "
        "published state changed since.",
        "Run `shipway plan` again and review what it shows.",
        "Shipway's design: reviewed = published",
    ),
    "output-unwritable": Explanation(
        "The output file cannot be written",
        "The system refused to write the file of `--output`.",
        "Name a file that you may write.",
        "operating system",
    ),
    "file-exists": Explanation(
        "A file is there already",
        "`shipway init` writes nothing over what is there.",
        "Choose an empty folder, or move the file away.",
        "Shipway's design: init",
    ),
    "folder-not-empty": Explanation(
        "The folder is not empty",
        "What the command writes would mix with what is there.",
        "Name another folder, or empty it.",
        "Shipway's design: commands",
    ),
    "code-unknown": Explanation(
        "There is no such code",
        "`shipway explain` takes a code as an error shows it in brackets.",
        "Choose one that `shipway explain` lists.",
        "Shipway's design: errors",
    ),
    "why-not-found": Explanation(
        "There is no such line or field",
        "The file is not one that the specs render, or the line holds no field.",
        "Name a rendered file and line, or ENV/RELEASE and KIND/NAME:FIELD.",
        "Shipway's design: why",
    ),
}
