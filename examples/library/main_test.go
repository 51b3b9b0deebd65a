package main

import (
	"context"
	"os"
)

func Example() {
	graph, err := read(context.Background(), "../go-service")
	if err != nil {
		panic(err)
	}
	list(os.Stdout, graph)
	// Output:
	// Tiny Answers in models/tiny-Q8_0.gguf
	//   licence Apache-2.0
	//   from HuggingFaceTB/SmolLM2-135M-Instruct, as models/tiny-Q8_0.gguf says
	//   models/tiny-Q8_0.gguf: Tiny Answers is under Apache-2.0, and the licence of what it was made from is not known here: HuggingFaceTB/SmolLM2-135M-Instruct
}
