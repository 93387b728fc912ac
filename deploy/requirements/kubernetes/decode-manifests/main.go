// Reads Kubernetes manifests from standard input as the API server would: an unknown kind, an unknown or
// doubled field and a value of a wrong type end it with a line for each.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	wrong := false
	for number := 1; ; number++ {
		document, err := documents.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			_, _, err = decoder.Decode(document, nil, nil)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "document %d: %v\n", number, err)
			wrong = true
		}
	}
	if wrong {
		os.Exit(1)
	}
}
