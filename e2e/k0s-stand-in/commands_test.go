package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// run executes a command line and gives back its error text.
func run(args ...string) string {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	if err := root.Execute(); err != nil {
		return err.Error()
	}
	return ""
}

func TestCommandLinesAreRefused(t *testing.T) {
	for line, want := range map[string]string{
		"bogus":                                       "unknown command",
		"version extra":                               "unknown command",
		"controller --bogus":                          "unknown flag: --bogus",
		"controller a b":                              "accepts at most 1 arg",
		"controller --enable-worker":                  "not in the k0s stand-in",
		"controller --single":                         "not in the k0s stand-in",
		"controller --token-file=x":                   "not in the k0s stand-in",
		"controller --disable-components=bogus":       "unknown component bogus",
		"controller --force":                          "unknown flag: --force",
		"controller --config=/nowhere/k0s.yaml":       "no such file",
		"worker --config=x":                           "unknown flag: --config",
		"worker --labels=novalue":                     "malformed pair",
		"worker --force":                              "unknown flag: --force",
		"worker tok --token-file=x":                   "not both",
		"install bogus":                               "unknown command",
		"install worker --bogus":                      "unknown flag: --bogus",
		"install worker --labels=novalue":             "malformed pair",
		"install controller --enable-worker":          "not in the k0s stand-in",
		"install worker positional":                   "unknown command",
		"kubectl get pods":                            "only knows",
		"kubectl apply -f x":                          "only knows",
		"status --bogus":                              "unknown flag",
		"config validate --config=/nowhere":           "no such file",
		"kubectl get --raw=/ --data-dir=/nowhere/k0s": "no such file",
	} {
		if got := run(strings.Fields(line)...); !strings.Contains(got, want) {
			t.Errorf("k0s %s: got %q, want it to say %q", line, got, want)
		}
	}
}

func TestUnit(t *testing.T) {
	o := &workerFlags{}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.commonFlags.addTo(flags)
	o.addTo(flags)
	if err := flags.Parse([]string{
		"--token-file=/etc/k0s.token", "--labels=b=2", "--labels=a=1", `--kubelet-extra-args=--node-ip=1.2.3.4 --x="$y%z\`, "--taints=a=b:NoSchedule,c:NoExecute",
	}); err != nil {
		t.Fatal(err)
	}
	args, err := givenArguments(flags)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := renderUnit("worker", "/usr/local/bin/k0s", args, []string{"A=b $c"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`ExecStart="/usr/local/bin/k0s" worker "--kubelet-extra-args=--node-ip=1.2.3.4 --x=\"$$y%%z\\" "--labels=a=1,b=2" "--taints=a=b:NoSchedule,c:NoExecute" "--token-file=/etc/k0s.token"` + "\n",
		"Environment=\"A=b $c\"\n",
	} {
		if !strings.Contains(unit, want) {
			t.Errorf("no %s in %s", want, unit)
		}
	}
	for name, bad := range map[string][2][]string{
		"argument with a line break": {{"a\nExecStart=/bin/x"}, nil}, "variable with a line break": {nil, {"A=b\nUser=x"}}, "variable without value": {nil, {"A"}},
	} {
		if _, err := renderUnit("worker", "/k0s", bad[0], bad[1]); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	file := filepath.Join(t.TempDir(), "k0sworker.service")
	if err := writeUnit(file, unit, false); err != nil {
		t.Fatal(err)
	}
	if err := writeUnit(file, unit, false); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("second install: %v", err)
	}
	if err := writeUnit(file, unit, true); err != nil {
		t.Errorf("second install with force: %v", err)
	}
}
