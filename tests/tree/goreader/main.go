// Reads one YAML document with each Go reader and prints what it takes the texts under "items" for, as JSON.
//
// sigs.k8s.io/yaml is what Kubernetes and Argo CD read with; yaml.v2 knows YAML 1.1, yaml.v3 a mixture of both.
package main

import (
	"encoding/json"
	"io"
	"os"

	yaml2 "gopkg.in/yaml.v2"
	yaml3 "gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"
)

type document struct {
	Items  []any          `json:"items" yaml:"items"`
	Keys   map[string]any `json:"keys" yaml:"keys"`
	Nested []any          `json:"nested" yaml:"nested"`
}

func main() {
	data, err := io.ReadAll(os.Stdin)
	check(err)
	var two, three, kubernetes document
	check(yaml2.UnmarshalStrict(data, &two))
	check(yaml3.Unmarshal(data, &three))
	check(sigs.UnmarshalStrict(data, &kubernetes))
	two.Nested = nil // yaml.v2 makes maps with keys of any type, which JSON does not have
	out := map[string]document{"yaml.v2": two, "yaml.v3": three, "sigs.k8s.io/yaml": kubernetes}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
