package main

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write known.json")

// TestKnownIsCurrent compares the list that the product's tests read; `go test -run Known -update` writes it.
func TestKnownIsCurrent(t *testing.T) {
	text, err := json.MarshalIndent(known(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("known.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile("known.json")
	if err != nil {
		t.Fatal(err)
	}
	var want, got any // a formatter may have laid it out anew
	if err := errors.Join(json.Unmarshal(text, &want), json.Unmarshal(committed, &got)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, got) {
		t.Error("known.json is stale: run go test -run Known -update")
	}
}

// known lists every command with its flags, and every config key, for the product's tests to compare with.
func known() any {
	r, err := parseRelease(version)
	if err != nil {
		panic(err)
	}
	keys := map[string]string{}
	keyPaths("", configKeys(r.behaviour()), keys)
	commands := map[string][]string{}
	var walk func(path string, cmd *cobra.Command)
	walk = func(path string, cmd *cobra.Command) {
		commands[path] = flagNames(cmd)
		for _, sub := range cmd.Commands() {
			walk(strings.TrimPrefix(path+" "+sub.Name(), " "), sub)
		}
	}
	for _, cmd := range newRootCommand().Commands() {
		walk(cmd.Name(), cmd)
	}
	return map[string]any{"version": version, "commands": commands, "components": componentNames, "config": keys}
}

// keyPaths lists the tree as "path: type", a list's elements as path[].
func keyPaths(path string, known any, into map[string]string) {
	switch k := known.(type) {
	case string:
		into[path] = k
	case []any:
		keyPaths(path+"[]", k[0], into)
	case map[string]any:
		for name, child := range k {
			keyPaths(strings.TrimPrefix(path+"."+name, "."), child, into)
		}
	}
}

// flagNames lists a command's flags, inherited ones included, as they are written.
func flagNames(cmd *cobra.Command) []string {
	names := []string{}
	add := func(flag *pflag.Flag) {
		if flag.Name == "help" {
			return
		}
		names = append(names, "--"+flag.Name)
		if flag.Shorthand != "" {
			names = append(names, "-"+flag.Shorthand)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	slices.Sort(names)
	return slices.Compact(names)
}
