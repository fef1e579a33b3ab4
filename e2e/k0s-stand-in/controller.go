package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

// readyWithin is how long k0s waits for one component before it gives up.
const readyWithin = 2 * time.Minute

// refusal says why a flag of k0s cannot be had here.
func (o *controllerFlags) refusal() error {
	switch {
	case o.enableWorker || o.single:
		return errors.New("a controller that runs workloads (--enable-worker, --single) is not in the k0s stand-in")
	case o.tokenFile != "":
		return errors.New("joining as a controller (--token-file) is not in the k0s stand-in")
	case o.cloudProviderOfK0s:
		return errors.New("--enable-k0s-cloud-provider is not in the k0s stand-in")
	}
	for _, name := range o.disabled {
		if !slices.Contains(componentNames, name) {
			return fmt.Errorf("unknown component %s", name)
		}
	}
	return nil
}

func (o *controllerFlags) enabled(component string) bool {
	return !slices.Contains(o.disabled, component)
}

// controller is one running `k0s controller`.
type controller struct {
	flags   *controllerFlags
	config  *clusterConfig
	text    []byte
	paths   paths
	users   componentUsers
	release release
	b       behaviour
	readyAt time.Time // when the API server first was
	stops   []func()
}

func runController(cmd *cobra.Command, o *controllerFlags) error {
	if err := o.refusal(); err != nil {
		return err
	}
	r, err := parseRelease(version)
	if err != nil {
		return err
	}
	c := &controller{flags: o, paths: newPaths(o.dataDir, o.statusSocket), users: newComponentUsers(), release: r, b: r.behaviour()}
	if c.config, c.text, err = loadConfig(o.configFile, c.b); err != nil {
		return err
	}
	if c.config.joinable() && c.config.Spec.Storage.Etcd.ExternalCluster == nil {
		return errors.New("the k0s stand-in runs no etcd of its own: set spec.storage.etcd.externalCluster, or type kine")
	}
	if err := c.prepare(); err != nil {
		return err
	}
	if o.initOnly {
		return nil
	}
	defer c.stop()
	err = c.run(cmd.Context())
	if cmd.Context().Err() != nil {
		delay := stopDelay(o, time.Since(c.readyAt))
		logInfo("shutting down in %s", delay)
		time.Sleep(delay)
		return nil
	}
	return err
}

// prepare makes directories, certificates and programs, in the order and with the modes of k0s.
func (c *controller) prepare() error {
	p := c.paths
	for dir, mode := range map[string]os.FileMode{p.data: 0o755, p.run: 0o755, p.bin: 0o755, p.pki: 0o751, p.manifests: 0o755} {
		if err := initDir(dir, mode); err != nil {
			return err
		}
	}
	runtimeConfig := filepath.Join(p.run, "k0s.yaml")
	if err := os.WriteFile(runtimeConfig, c.text, 0o600); err != nil {
		return err
	}
	hosts, err := serverHosts(c.config)
	if err != nil {
		return err
	}
	certificates := &pki{dir: p.pki, b: c.b, users: c.users, server: c.localURL()}
	if err := certificates.prepare(leaves(hosts, c.flags.enabled("konnectivity-server"))); err != nil {
		return err
	}
	if err := c.users.chown(filepath.Join(p.pki, "ca.key"), apiServerUser); err != nil {
		logWarn("failed to change permissions for the ca.key: %v", err)
	}
	names := []string{"kube-apiserver"} // the others come out of the executable once it serves
	if !c.config.joinable() {
		names = append(names, "kine")
	}
	return stage(p.bin, names...)
}

// initDir is refused to a process that does not own the directory, like k0s's.
func initDir(dir string, mode os.FileMode) error {
	if err := os.MkdirAll(dir, mode); err != nil {
		return err
	}
	return os.Chmod(dir, mode)
}

func (c *controller) localURL() string {
	return "https://localhost:" + strconv.Itoa(c.config.Spec.API.Port)
}

func (c *controller) atStop(f func()) { c.stops = append(c.stops, f) }

const (
	autopilotSetsUpFor = 1500 * time.Millisecond
	youngStopTakes     = 50 * time.Second
)

// stopDelay is the time that autopilot goes on for when k0s is told to stop while it sets itself up.
func stopDelay(o *controllerFlags, readyFor time.Duration) time.Duration {
	if o.enabled("autopilot") && readyFor < autopilotSetsUpFor {
		return youngStopTakes
	}
	return 0
}

func (c *controller) stop() {
	for _, f := range slices.Backward(c.stops) {
		f()
	}
}

func (c *controller) startChild(child *child) error {
	if err := child.start(); err != nil {
		return err
	}
	c.atStop(child.stop)
	return nil
}

// run starts one component after the other, each once the one before is ready, and ends with ctx.
func (c *controller) run(ctx context.Context) error {
	started := time.Now()
	if err := c.startStorage(ctx); err != nil {
		return err
	}
	var egress string
	if c.flags.enabled("konnectivity-server") {
		if err := c.startKonnectivity(); err != nil {
			return err
		}
		var err error
		if egress, err = c.writeEgressConfig(); err != nil {
			return err
		}
	}
	ownEndpoint := c.config.Spec.API.ExternalAddress != "" && c.flags.enabled("endpoint-reconciler")
	args := apiServerArgs(c.config, c.paths, c.b, egress, ownEndpoint)
	// Open watches hold it back for up to 18 s.
	if err := c.startChild(component(c.paths, c.users, "kube-apiserver", apiServerUser, 30*time.Second, args)); err != nil {
		return err
	}
	admin, err := apiFromFile(filepath.Join(c.paths.pki, "admin.conf"))
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := until(waiting, "waiting for kube-apiserver", 100*time.Millisecond, func() error {
		if err := admin.get(waiting, "/readyz", nil); err != nil {
			return errors.New("not ready yet")
		}
		return nil
	}); err != nil {
		return fmt.Errorf("failed to start controller node components: %w", err)
	}
	logInfo("kube-apiserver is ready %.1f s after the first component was started", time.Since(started).Seconds())
	if c.config.joinable() && c.flags.enabled("control-api") {
		if err := c.startControlAPI(); err != nil {
			return err
		}
	}
	closeStatus, err := serveStatus(c.paths.status, statusOf("controller"))
	if err != nil {
		return err
	}
	c.atStop(closeStatus)
	c.readyAt = time.Now()
	return newCluster(c, admin).run(ctx)
}
