// Answers, for each JSON line {"rule": …, "text": …} of its input, whether Kubernetes' own code accepts the text.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

var rules = map[string]func(string) []string{
	"DNS_LABEL":      validation.IsDNS1123Label,
	"DNS_1035":       validation.IsDNS1035Label,
	"DNS_SUBDOMAIN":  validation.IsDNS1123Subdomain,
	"QUALIFIED_NAME": func(s string) []string { return validation.IsQualifiedName(s) },
	"LABEL_VALUE":    validation.IsValidLabelValue,
	"PORT_NAME":      validation.IsValidPortName,
	"DATA_KEY":       validation.IsConfigMapKey,
	"ENV_NAME":       validation.IsEnvVarName,
	"QUANTITY": func(s string) []string {
		if _, err := resource.ParseQuantity(s); err != nil {
			return []string{err.Error()}
		}
		return nil
	},
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var question struct{ Rule, Text string }
		if err := json.Unmarshal(lines.Bytes(), &question); err != nil {
			panic(err)
		}
		fmt.Println(len(rules[question.Rule](question.Text)) == 0)
	}
}
