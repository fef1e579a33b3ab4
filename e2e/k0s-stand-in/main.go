// The k0s stand-in: takes the place of k0s where its image cannot be pulled. README.md says what it does and what not.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"
)

// version is the k0s release that this build plays; the linker sets it.
var version = "v1.36.3+k0s.1"

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := newRootCommand().ExecuteContext(ctx); err != nil {
		os.Exit(1)
	}
}

// newRootCommand knows the commands and flags that k0s has and the stand-in takes part in; cobra refuses all others.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{Use: "k0s", Short: label + "plays k0s " + version + " in tests and demos", SilenceUsage: true}
	root.CompletionOptions.DisableDefaultCmd = true
	install := &cobra.Command{Use: "install", Short: "Write the service unit of a role", Args: cobra.NoArgs, Run: func(*cobra.Command, []string) {}}
	install.AddCommand(newInstallCommand("controller"), newInstallCommand("worker"))
	config := &cobra.Command{Use: "config", Short: "Look at configuration", Args: cobra.NoArgs, Run: func(*cobra.Command, []string) {}}
	config.AddCommand(newValidateCommand())
	root.AddCommand(newVersionCommand(), newStatusCommand(), newKubectlCommand(), install, config, newControllerCommand(),
		newWorkerCommand(), newServiceCommand("start"), newServiceCommand("stop"), newResetCommand())
	return root
}

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the k0s version", Args: cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintln(cmd.ErrOrStderr(), label+"plays version "+version)
			fmt.Fprintln(cmd.OutOrStdout(), version)
		},
	}
}

func newControllerCommand() *cobra.Command {
	o := &controllerFlags{}
	cmd := &cobra.Command{
		Use: "controller [join-token]", Aliases: []string{"server"}, Short: "Run controller", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.tokenFile = "(argument)"
			}
			return runController(cmd, o)
		},
	}
	o.addTo(cmd.Flags())
	addDebugFlags(cmd.Flags())
	return cmd
}

func newWorkerCommand() *cobra.Command {
	o := &workerFlags{}
	cmd := &cobra.Command{
		Use: "worker [join-token]", Short: "Run worker", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && o.tokenFile != "" {
				return errors.New("give the join token as an argument or by --token-file, not both")
			}
			if len(args) > 0 {
				o.token = args[0]
			}
			return runWorker(cmd.Context(), o)
		},
	}
	o.commonFlags.addTo(cmd.Flags())
	o.addTo(cmd.Flags())
	addDebugFlags(cmd.Flags())
	return cmd
}

func newStatusCommand() *cobra.Command {
	o := &commonFlags{}
	var out string
	cmd := &cobra.Command{
		Use: "status", Short: "What the running process says of itself", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := readStatus(cmd.Context(), newPaths(o.dataDir, o.statusSocket).status)
			if err != nil {
				return err
			}
			var text []byte
			switch out {
			case "json":
				text, err = json.Marshal(s)
			case "yaml":
				text, err = yaml.Marshal(s)
			default:
				text = fmt.Appendf(nil, "Version: %s\nProcess ID: %d\nRole: %s\nWorkloads: %t\nSingleNode: %t", s.Version, s.PID, s.Role, s.Workloads, s.SingleNode)
			}
			fmt.Fprintln(cmd.OutOrStdout(), string(text))
			return err
		},
	}
	o.addTo(cmd.Flags())
	cmd.Flags().StringVarP(&out, "out", "o", "", "json or yaml")
	return cmd
}

// newKubectlCommand knows `k0s kubectl get --raw=PATH` alone.
func newKubectlCommand() *cobra.Command {
	onlyRaw := errors.New("the k0s stand-in only knows `k0s kubectl get --raw=PATH`")
	kubectl := &cobra.Command{
		Use: "kubectl", Aliases: []string{"kc"}, Short: "Only get --raw=PATH",
		Args: cobra.ArbitraryArgs, FParseErrWhitelist: cobra.FParseErrWhitelist{UnknownFlags: true},
		RunE: func(*cobra.Command, []string) error { return onlyRaw },
	}
	var raw, dataDir string
	get := &cobra.Command{
		Use: "get", Short: "get --raw=PATH as the cluster's administrator",
		RunE: func(cmd *cobra.Command, args []string) error {
			if raw == "" || len(args) > 0 {
				return onlyRaw
			}
			file := os.Getenv("KUBECONFIG")
			if file == "" {
				file = filepath.Join(dataDir, "pki", "admin.conf")
			}
			admin, err := apiFromFile(file)
			if err != nil {
				return err
			}
			body, err := admin.raw(cmd.Context(), "GET", raw, "", nil)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(body)
			return err
		},
	}
	get.Flags().StringVar(&raw, "raw", "", "path to ask for")
	kubectl.PersistentFlags().StringVar(&dataDir, "data-dir", defaultDataDir, "where everything is kept")
	kubectl.AddCommand(get)
	return kubectl
}

func newValidateCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "validate", Short: "Check a config file", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := parseRelease(version)
			if err != nil {
				return err
			}
			_, _, err = loadConfig(file, r.behaviour())
			return err
		},
	}
	cmd.Flags().StringVarP(&file, "config", "c", "", "config file, - for standard input")
	return cmd
}
