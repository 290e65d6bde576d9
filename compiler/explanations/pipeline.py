"""Every code of the pipeline itself and of the commands, in words: folders, groups, neighbors, publishing."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "no-environments": Explanation(
        "This folder has no specs",
        "Shipway looks for `environments/<name>/environment.yaml` below the folder of `-C`.",
        "Name the folder with -C, or create one with `shipway init`.",
        "Shipway's design: the spec",
    ),
    "target-shared": Explanation(
        "Two environments are published to the same folder",
        "A publish removes everything that its environment does not have, so each of the two would remove the other's "
        "releases.",
        "Give one of them its own path or branch.",
        "Shipway's design: the published tree",
    ),
    "project-shared": Explanation(
        "Two environments write the same AppProject",
        "An AppProject lists what one environment may deploy, and where. If two environments of one Argo CD share its "
        "name, the one that is applied last removes the permissions of the other.",
        "Give one of them another `argocd.project`. If each environment has its own Argo CD, ignore this warning.",
        "Argo CD docs/operator-manual/project.yaml",
    ),
    "argocd-path-taken": Explanation(
        "The folder for Argo CD's objects is taken",
        "`argocd.path` needs its own folder below `gitops.path`. It cannot be the folder of a release or "
        "`_environment`.",
        "Use another folder.",
        "Shipway's design: the published tree",
    ),
    "out-in-specs": Explanation(
        "A build would write among the specs",
        "The specs are below `environments/`. Manifests in that folder would be read as specs and committed with them.",
        "Name another folder with `--out`.",
        "Shipway's design: commands",
    ),
    "system-refused": Explanation(
        "The operating system refused to read or write",
        "The disk is full, a name is too long, or a file cannot be read or written. The message names the reason.",
        "Fix what the message names, and run the command again.",
        "errno(3)",
    ),
    "promotion-unknown": Explanation(
        "An environment promotes from one that does not exist",
        "`promotesFrom` names the environments in which a version must serve first. An environment that does not exist "
        "would let every version pass.",
        "Use the name of another folder in `environments/`.",
        "Shipway's design: promotion",
    ),
    "unknown-environment": Explanation(
        "No environment has this name",
        "The folder `environments/` has no environment with this name.",
        "Use one of the listed names.",
        "Shipway's design: the spec",
    ),
    "name-incomplete": Explanation(
        "The name of the environment is missing",
        "Several environments can have a release with this name, so a command needs both: `prod/recommender`.",
        "Write ENV/RELEASE.",
        "Shipway's design: commands",
    ),
    "shard-of-release": Explanation(
        "One release cannot be divided into parts",
        "`--shard I/N` divides all releases and groups of an environment among N machines. One release is in one part "
        "and cannot be divided.",
        "Name environments alone together with `--shard`, or leave it out.",
        "Shipway's design: commands",
    ),
    "file-name-strange": Explanation(
        "The name of a spec file cannot be shown",
        "The name contains bytes that are not UTF-8, invisible characters, or control characters.",
        "Rename the file.",
        "Shipway's design: errors",
    ),
    "file-name-secret": Explanation(
        "The field contains a key instead of a file name",
        "The field expects the name of a file, but contains PEM text: a certificate or a private key.",
        "Move the text into a file beside the spec, and name that file. Replace a private key that was committed.",
        "Shipway's design: the spec",
    ),
    "file-name-twice": Explanation(
        "One name means two files",
        "A path is relative to the spec that names it. A base in another folder can use this name for another file, "
        "and only one of them would be read.",
        "Rename one of the files.",
        "Shipway's design: a release may name a base",
    ),
    "file-not-text": Explanation(
        "A file that the spec names is not text",
        "The file goes into a ConfigMap's `data` or a certificate, and these accept only UTF-8.",
        "Save the file as UTF-8, or mount it from a volume.",
        "Kubernetes: ConfigMap",
    ),
    "internal-exposed": Explanation(
        "An internal release has a public host or certificate",
        "With `expose.internal`, a release has no public route, so a host or a certificate would have no effect.",
        "Remove `internal` to expose the release, or remove the host and the certificate.",
        "Shipway's design: the spec",
    ),
    "earlier-state-unreadable": Explanation(
        "An earlier state of the branch cannot be read",
        "No later commit has been confirmed as synced, so the cluster may still be in that state. Shipway cannot "
        "read one of its files, so it cannot prove the change from there.",
        "Once Argo CD has synced what is published, run `shipway confirm ENVIRONMENT`. Otherwise review that commit by "
        "hand, and publish with `--allow earlier-state-unreadable --reason …`.",
        "Shipway's design: starting points of a proof",
    ),
    "expose-missing": Explanation(
        "A release does not say how clients reach it",
        "Without a host and a path, the route of a release takes every request that no other route takes: a worker "
        "would be public by omission.",
        "Write `expose` with a `host`, a `path` (`/` takes everything), or both. For a release that only other pods "
        "call, write `expose: {internal: true}`: it gets a Service and no route.",
        "Shipway's design: the spec",
    ),
    "expose-unrouted": Explanation(
        "A host has no effect, because no router reads it",
        "With the traffic provider `service`, Services alone divide the requests: no route is written, so the release "
        "cannot be reached by a host.",
        "Remove the field, or choose gatewayApi or ingressNginx as the environment's traffic provider.",
        "Shipway's design: traffic providers",
    ),
    "node-port-closed": Explanation(
        "A node port has no Service that opens it",
        "Only Services of type NodePort or LoadBalancer have node ports.",
        "Add `type: NodePort`, or remove `nodePort`.",
        "Kubernetes: Service",
    ),
    "image-volume-gated": Explanation(
        "Images as volumes need a feature gate",
        "They are off by default in this version of Kubernetes. The API server drops the volume's source and then "
        "refuses the pods.",
        "Turn on the gate ImageVolume in the cluster, use a `claim`, or upgrade to Kubernetes 1.35.",
        "Kubernetes: KEP-4639",
    ),
    "grpc-port-unknown": Explanation(
        "The Service has no port with the name that `expose.grpc` gives",
        "A GRPCRoute needs the number of a Service port. Shipway finds the number by the name in the spec.",
        "Add the port to `expose.service.ports`, for example `{http: 80, grpc: 9001}`, or correct the name.",
        "Gateway API: GRPCRoute, backendRefs",
    ),
    "grpc-host-shared": Explanation(
        "One host would get both plain requests and gRPC calls",
        "A Gateway accepts either an HTTPRoute or a GRPCRoute for a host, and rejects the newer one.",
        "Give gRPC calls their own host in `expose.grpc`, or remove `host` and `path` from `expose`.",
        "Gateway API: GRPCRoute, hostnames",
    ),
    "path-host-unknown": Explanation(
        "A path names a host that the release does not have",
        "`hosts` of a path lists which of the release's hosts answer it.",
        "Correct the host, or add it to `expose.hosts`.",
        "Kubernetes: Ingress, rules",
    ),
    "host-without-path": Explanation(
        "A host of the release answers no path",
        "Every path is limited to other hosts, so no rule could be written for this one.",
        "Give the host a path, or remove it from `expose`.",
        "Kubernetes: Ingress, rules",
    ),
    "strip-exact": Explanation(
        "`stripPrefix` cannot be used with an exact path",
        "`stripPrefix` passes on the part of the path after the prefix. After an exact path nothing is left.",
        "Remove `stripPrefix`, or set `pathType: Prefix`.",
        "Gateway API: HTTPRoute, ReplacePrefixMatch",
    ),
    "replicas-or-autoscale": Explanation(
        "Two settings control the number of pods",
        "`replicas` and `autoscale` would overwrite each other's number.",
        "Keep one of them.",
        "Kubernetes: HorizontalPodAutoscaler",
    ),
    "autoscale-range": Explanation(
        "The numbers of pods contradict each other",
        "`min` must not be above `max`, and `switchAt` (the minimum while a course is open) must be between them.",
        "Correct the numbers.",
        "Kubernetes: HorizontalPodAutoscaler",
    ),
    "preset-unknown": Explanation(
        "This preset does not exist",
        "A preset fills in arguments, port, probes and drain time.",
        "Use one that the help line names, or write these fields yourself.",
        "Shipway's design: presets",
    ),
    "routes-tie": Explanation(
        "Two releases answer the same requests",
        "If two routes are equal, the older one or a random one wins. You cannot choose which.",
        "Give one of them its own path or host.",
        "Gateway API: HTTPRouteRule precedence; ingress-nginx: oldest rule wins",
    ),
    "objects-clash": Explanation(
        "Two releases write the same object",
        "Tracks are named after their release. The track `web-blue` of the release `web` clashes with a release "
        "`web-blue`.",
        "Rename one of the releases.",
        "Shipway's design: the published tree",
    ),
    "serving-track-changed": Explanation(
        "A new version would replace the pods that serve",
        "blueGreen and canary run a new version on a second track, so that you can test it before it gets requests.",
        "Leave the serving track unchanged, and start the new version with `shipway start`.",
        "Shipway's design: a release's course",
    ),
    "group-membership-changed": Explanation(
        "A release joins, leaves or changes its group",
        "Its objects would move from one Application to another. Argo CD sees two owners, and pruning one Application "
        "deletes objects that the other now owns.",
        "Follow the steps that the help line names.",
        "Argo CD controller/state.go: SharedResourceWarning",
    ),
    "release-renamed": Explanation(
        "A release takes the route of one that leaves in the same commit",
        "For Argo CD a renamed release is a new one with its own Application, and nothing orders two Applications. "
        "The old objects stay in the cluster unless `argocd.cascade` is true. Then two equal routes exist, and "
        "gateways differ in which one they use. With `cascade` the old pods may be gone before the new ones are ready.",
        "Keep the name. Or publish the new release on its own host or path, let clients move, then remove the old one.",
        "Argo CD controller/appcontroller.go: finalizeApplicationDeletion; Gateway API HTTPRoute: the older route wins",
    ),
    "release-left-behind": Explanation(
        "A release takes the route of one that left earlier",
        "Without `argocd.cascade` the objects of a release, including its routes, stay in the cluster when its "
        "Application is removed. No branch shows them any more. Of two equal routes, some gateways use the older "
        "one, and others choose again at each reload.",
        "Delete the objects of the old release, its routes first. Then publish with `--allow release-left-behind` and "
        "a reason.",
        "Argo CD controller/appcontroller.go: finalizeApplicationDeletion; Gateway API HTTPRoute: the older route wins",
    ),
    "release-still-serves": Explanation(
        "A release is removed while it serves",
        "With `argocd.cascade` the objects of a release are deleted with its Application, routes and pods at the "
        "same time. Requests in progress are lost.",
        "Publish the release with `expose: {internal: true}` first. Once that is confirmed, remove its file.",
        "Argo CD controller/appcontroller.go: finalizeApplicationDeletion",
    ),
    "strategy-move": Explanation(
        "Moving to another strategy takes several commits",
        "Each strategy has its own tracks. The new tracks must serve before the old ones are removed.",
        "Publish the steps that the help line names, one after the other.",
        "Shipway's design: a release's course",
    ),
    "provider-move": Explanation(
        "Moving to another traffic provider takes several commits",
        "Until clients use the new entry point, the old routes and their Services must stay.",
        "Publish the steps that the help line names, one after the other.",
        "Shipway's design: a release's course",
    ),
    "provider-left": Explanation(
        "The routes of the old traffic provider are removed",
        "This is the last step of a move. After it, clients that still reach the old router get no answer. DNS and "
        "load balancers decide where clients go, so no manifest can prove that they have moved.",
        "Watch the requests of the old router. When none come any more, publish with `--allow provider-left` and a "
        "reason.",
        "Shipway's design: what cannot be proven is said, and somebody answers for it",
    ),
    "group-entry": Explanation(
        "The entry is not a member",
        "The entry is the member that clients reach. Its route switches the whole group.",
        "Add it to `members`, or name another entry.",
        "Shipway's design: groups",
    ),
    "group-member-unknown": Explanation(
        "A member does not exist",
        "The group names a release that the environment does not have.",
        "Correct the name, or add the release.",
        "Shipway's design: groups",
    ),
    "group-member-taken": Explanation(
        "A release is in two groups",
        "Two groups would switch it at different times.",
        "Remove it from one of them.",
        "Shipway's design: groups",
    ),
    "group-needs-blue-green": Explanation(
        "Members of a group must be blueGreen",
        "A group switches from one color of all members to the other, so every member needs two colors.",
        "Use `blueGreen` without `active`. The group decides which color is active.",
        "Shipway's design: groups",
    ),
    "group-member-exposed": Explanation(
        "Only the entry of a group may be exposed",
        "Clients of another member would not move with the group's switch, and would reach a contract that they do "
        "not speak.",
        "Route clients through the entry, or take the release out of the group and make it `versioned`.",
        "Shipway's design: groups",
    ),
    "plan-differs": Explanation(
        "The publish would differ from the reviewed plan",
        "`publish --plan DIGEST` publishes exactly what the plan showed. The specs, the compiler or the published "
        "state "
        "have changed since.",
        "Run `shipway plan` again and review the result.",
        "Shipway's design: what was reviewed is what is published",
    ),
    "output-unwritable": Explanation(
        "The output file cannot be written",
        "The operating system refused to write the file that `--output` names.",
        "Name a file that you have permission to write.",
        "operating system",
    ),
    "file-exists": Explanation(
        "The file exists already",
        "`shipway init` never overwrites a file.",
        "Choose an empty folder, or move the existing file.",
        "Shipway's design: init",
    ),
    "folder-not-empty": Explanation(
        "The folder is not empty",
        "The new files would mix with the existing files.",
        "Name another folder, or empty it.",
        "Shipway's design: commands",
    ),
    "page-unknown": Explanation(
        "The documentation does not have this page",
        "`shipway docs` expects the name of a page, a code of an error, or a command.",
        "Use a name that `shipway docs` lists.",
        "Shipway's design: commands",
    ),
    "docs-missing": Explanation(
        "The pages of the documentation are missing",
        "The pages are installed with Shipway, in its folder `templates/docs`. They have been removed.",
        "Install Shipway again.",
        "Shipway's design: commands",
    ),
    "browser-missing": Explanation(
        "No browser could be started",
        "`shipway docs --open` shows a page in a browser. Python found no browser on this machine, or the browser did "
        "not start.",
        "Set the environment variable BROWSER to the command of a browser, or read the page in the terminal: "
        "`shipway docs PAGE`.",
        "Python's documentation, webbrowser",
    ),
    "code-unknown": Explanation(
        "This code does not exist",
        "`shipway explain` expects a code, which an error shows in brackets.",
        "Use one that `shipway explain` lists.",
        "Shipway's design: errors",
    ),
    "why-not-found": Explanation(
        "The line or field was not found",
        "The specs do not render this file, or the line contains no field.",
        "Name a rendered file and line, or ENV/RELEASE and KIND/NAME:FIELD.",
        "Shipway's design: why",
    ),
}
