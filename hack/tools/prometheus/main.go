// Tests files of rules as `promtool test rules` does, on the same files, without the SDK of every cloud that promtool is
// built with: Prometheus's own parser, engine and templates over series in memory.
//
//	prometheus test [--some] FILE...   runs tests; exits with 1 and says what is wrong, also that an alert never
//	                                   fires, unless only some are meant to
//	prometheus names FILE              reads a JSON list of queries; prints the names of the metrics of each
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 1 && args[0] == "test":
		some := args[1] == "--some"
		files := args[1:]
		if some {
			files = args[2:]
		}
		for _, file := range files {
			if err := testFile(file, some); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	case len(args) == 2 && args[0] == "names":
		text, err := os.ReadFile(args[1])
		if err != nil {
			return err
		}
		var queries []string
		if err := json.Unmarshal(text, &queries); err != nil {
			return err
		}
		names, err := namesOf(queries)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(names)
	}
	return fmt.Errorf("usage: prometheus test [--some] FILE... | prometheus names FILE")
}
