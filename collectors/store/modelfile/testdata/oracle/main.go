// Program oracle prints what Ollama's own parser makes of Modelfiles, as one line of
// JSON each: go build -o PROGRAM . in this folder, and name it in MLBOM_ORACLE_OLLAMA.
package main

import (
	"encoding/json"
	"os"

	"github.com/ollama/ollama/parser"
)

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, name := range os.Args[1:] {
		one := struct {
			File, Error string
			Commands    []parser.Command
		}{File: name}
		if f, err := os.Open(name); err != nil {
			one.Error = err.Error()
		} else if m, err := parser.ParseFile(f); err != nil {
			one.Error = err.Error()
		} else {
			one.Commands = m.Commands
		}
		out.Encode(one)
	}
}
