package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const unitDir = "/etc/systemd/system"

func newInstallCommand(role string) *cobra.Command {
	var force, start bool
	var env []string
	cmd := &cobra.Command{
		Use: role, Short: "Write k0s" + role + ".service", Args: cobra.NoArgs,
	}
	run := pflag.NewFlagSet(role, pflag.ContinueOnError) // what goes into the unit
	var refuse func() error
	if role == "controller" {
		o := &controllerFlags{}
		o.addTo(run)
		refuse = o.refusal
	} else {
		o := &workerFlags{}
		o.commonFlags.addTo(run)
		o.addTo(run)
		refuse = func() error { return nil }
	}
	addDebugFlags(run)
	cmd.Flags().AddFlagSet(run)
	cmd.Flags().BoolVar(&force, "force", false, "replace a unit that is there")
	cmd.Flags().BoolVar(&start, "start", false, "start it too")
	cmd.Flags().StringArrayVarP(&env, "env", "e", nil, "NAME=VALUE for the unit")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if os.Geteuid() != 0 {
			return errors.New("this command must be run as root")
		}
		if err := refuse(); err != nil {
			return err
		}
		args, err := givenArguments(run)
		if err != nil {
			return err
		}
		binary, err := os.Executable()
		if err != nil {
			return err
		}
		text, err := renderUnit(role, binary, args, env)
		if err != nil {
			return err
		}
		if err := writeUnit(filepath.Join(unitDir, "k0s"+role+".service"), text, force); err != nil {
			return fmt.Errorf("failed to install k0s service: failed to install service: %w", err)
		}
		fmt.Fprintln(cmd.ErrOrStderr(), label+"installed k0s"+role+".service")
		commands := [][]string{{"daemon-reload"}, {"enable", "k0s" + role}}
		if start {
			commands = append(commands, []string{"start", "k0s" + role})
		}
		for _, c := range commands {
			if err := systemctl(c...); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

// givenArguments repeats the flags that were given, with absolute paths: the service runs in another directory.
func givenArguments(flags *pflag.FlagSet) ([]string, error) {
	var args []string
	var errs []error
	flags.VisitAll(func(f *pflag.Flag) {
		value := f.Value.String()
		switch {
		case !f.Changed:
			return
		case f.Value.Type() == "stringSlice":
			value = strings.Trim(value, "[]")
		case f.Name == "data-dir" || f.Name == "token-file" || f.Name == "config":
			absolute, err := filepath.Abs(value)
			value, errs = absolute, append(errs, err)
		}
		args = append(args, "--"+f.Name+"="+value)
	})
	return args, errors.Join(errs...)
}

// quoteForUnit makes one systemd word of any text: no specifier, variable or escape in it is expanded.
func quoteForUnit(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`).Replace(text) + `"`
}

func renderUnit(role, binary string, args, env []string) (string, error) {
	words := []string{quoteForUnit(binary), role}
	for _, a := range args {
		words = append(words, quoteForUnit(a))
	}
	var environment strings.Builder
	for _, e := range env {
		if !strings.Contains(e, "=") {
			return "", fmt.Errorf("environment variable %q is not of the form NAME=VALUE", e)
		}
		// Environment= knows no $ and so needs no $$.
		fmt.Fprintf(&environment, "Environment=%s\n", strings.ReplaceAll(quoteForUnit(e), "$$", "$"))
	}
	unit := fmt.Sprintf(`# %sunit of its own making
[Unit]
Description=k0s stand-in - plays k0s
ConditionFileIsExecutable=%s
After=network-online.target
Wants=network-online.target

[Service]
StartLimitInterval=5
StartLimitBurst=10
ExecStart=%s
%sRestartSec=10
Delegate=yes
KillMode=process
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
LimitNOFILE=999999
Restart=always

[Install]
WantedBy=multi-user.target
`, label, strings.ReplaceAll(binary, "%", "%%"), strings.Join(words, " "), environment.String())
	for line := range strings.Lines(strings.Join(append(args, env...), "\x00")) {
		if strings.HasSuffix(line, "\n") {
			return "", errors.New("an argument or environment variable contains a line break")
		}
	}
	return unit, nil
}

func writeUnit(file, text string, force bool) error {
	if exists(file) && !force {
		return fmt.Errorf("init already exists: %s", file)
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

func systemctl(args ...string) error {
	output, err := exec.Command("systemctl", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("systemctl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}

// installedService is the role whose unit is there.
func installedService() (string, error) {
	for _, role := range []string{"controller", "worker"} {
		if exists(filepath.Join(unitDir, "k0s"+role+".service")) {
			return "k0s" + role, nil
		}
	}
	return "", errors.New("k0s has not been installed as a service")
}

func newServiceCommand(verb string) *cobra.Command {
	cmd := &cobra.Command{
		Use: verb, Short: verb + " the installed service", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if os.Geteuid() != 0 {
				return errors.New("this command must be run as root")
			}
			service, err := installedService()
			if err != nil {
				return err
			}
			running := systemctl("is-active", "--quiet", service) == nil
			if running == (verb == "start") {
				return map[bool]error{true: errors.New("already running"), false: errors.New("already stopped")}[running]
			}
			return systemctl(verb, service)
		},
	}
	cmd.Flags().BoolP("debug", "d", false, "changes nothing here")
	cmd.Flags().BoolP("verbose", "v", false, "changes nothing here")
	return cmd
}

func newResetCommand() *cobra.Command {
	o := &commonFlags{}
	cmd := &cobra.Command{
		Use: "reset", Short: "Remove the service and its files", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if os.Geteuid() != 0 {
				return errors.New("this command must be run as root")
			}
			p := newPaths(o.dataDir, o.statusSocket)
			if _, err := readStatus(cmd.Context(), p.status); err == nil {
				return errors.New("k0s seems to be running, please stop k0s before reset")
			}
			return reset(p)
		},
	}
	o.addTo(cmd.Flags())
	cmd.Flags().String("cri-socket", "", "changes nothing here")
	cmd.Flags().String("kubelet-root-dir", "", "changes nothing here")
	cmd.Flags().BoolP("debug", "d", false, "changes nothing here")
	cmd.Flags().BoolP("verbose", "v", false, "changes nothing here")
	return cmd
}

// reset removes the service and all that lies below the data and run directories, after unmounting it.
func reset(p paths) error {
	if service, err := installedService(); err == nil {
		_ = systemctl("disable", service)
		if err := os.Remove(filepath.Join(unitDir, service+".service")); err != nil {
			return err
		}
		_ = systemctl("daemon-reload")
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		if at := strings.Fields(line)[1]; strings.HasPrefix(at, p.data+"/") || strings.HasPrefix(at, p.run+"/") {
			_ = syscall.Unmount(at, syscall.MNT_DETACH)
		}
	}
	return errors.Join(removeBelow(p.data), removeBelow(p.run))
}

// removeBelow empties a directory, which may itself be a mount, and removes it if it can.
func removeBelow(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, entry := range entries {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	_ = os.Remove(dir)
	return errors.Join(errs...)
}
