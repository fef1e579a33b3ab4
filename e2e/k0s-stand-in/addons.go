package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// addOn is a stack of k0s's own. Its files have k0s's names, in the order in which they are written.
type addOn struct {
	stack     string
	component string // switches it off; none: it is there if asked for
	provider  string // of the network: only the one in use has files
	isEarly   bool   // its folder is made when k0s starts, long before there is a file to write
	files     []string
}

var addOns = []addOn{
	{stack: "coredns", component: "coredns", isEarly: true, files: []string{"coredns.yaml"}},
	{stack: "kubeproxy", component: "kube-proxy", isEarly: true, files: []string{"kube-proxy.yaml"}},
	{stack: "kuberouter", component: "network-provider", provider: "kuberouter", isEarly: true, files: []string{"kube-router.yaml"}},
	{stack: "calico_init", component: "network-provider", provider: "calico", isEarly: true, files: []string{
		"calico-crd-bgpconfigurations.crd.projectcalico.org.yaml", "calico-crd-tiers.crd.projectcalico.org.yaml",
	}},
	{stack: "calico", component: "network-provider", provider: "calico", isEarly: true, files: []string{
		"calico-ConfigMap-calico-config.yaml", "calico-DaemonSet-calico-node.yaml", "calico-ServiceAccount-calico-node.yaml",
	}},
	{stack: "konnectivity", component: "konnectivity-server", files: []string{"konnectivity-agent.yaml"}},
	{stack: "metricserver", component: "metrics-server", isEarly: true, files: []string{"metric_server.yaml"}},
	{stack: "metrics", isEarly: true, files: []string{"pushgateway.yaml"}},
}

// isOn tells whether k0s has the component that the add-on belongs to.
func (a addOn) isOn(flags *controllerFlags) bool {
	if a.component == "" {
		return flags.metricsScraper
	}
	return flags.enabled(a.component)
}

// isInUse tells whether k0s writes files for it.
func (a addOn) isInUse(config *clusterConfig, flags *controllerFlags) bool {
	network := config.Spec.Network
	isOff := a.stack == "kubeproxy" && network.KubeProxy.Disabled
	return a.isOn(flags) && !isOff && (a.provider == "" || a.provider == network.Provider)
}

// earlyStacks are the folders that k0s makes before it has anything to put into them, also of a provider not in use.
func earlyStacks(flags *controllerFlags) []string {
	var names []string
	for _, a := range addOns {
		if a.isEarly && a.isOn(flags) {
			names = append(names, a.stack)
		}
	}
	return names
}

func (c *cluster) makeEmptyStacks() error {
	for _, name := range earlyStacks(c.flags) {
		if err := initDir(filepath.Join(c.paths.manifests, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// deployAddOns writes the files after the applier has found the folders without them: with k0s the one takes a second and
// the other two to ten, here it is always so.
func (c *cluster) deployAddOns(ctx context.Context) {
	for !c.isApplierPast() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	for _, a := range addOns {
		if !a.isInUse(c.config, c.flags) {
			continue
		}
		err := c.otherProvider(a)
		if err == nil {
			err = c.writeAddOn(a)
		}
		if err != nil {
			logWarn("stack %s: %v", a.stack, err)
		}
	}
}

// isApplierPast: it has been at every folder, or will not be soon. While somebody else leads, k0s waits for nobody either.
func (c *cluster) isApplierPast() bool {
	isOff := !c.flags.enabled("applier-manager")
	return isOff || (c.leader != nil && c.leader.waits.Load()) || c.applier.hasTried(earlyStacks(c.flags))
}

// otherProvider is the refusal to change a network provider: files of another one are the sign that it runs.
func (c *cluster) otherProvider(a addOn) error {
	for _, other := range addOns {
		if a.provider == "" || other.provider == "" || other.provider == a.provider {
			continue
		}
		if files, _ := filepath.Glob(filepath.Join(c.paths.manifests, other.stack, "*.yaml")); len(files) > 0 {
			return fmt.Errorf("cannot change CNI provider from %s to %s", other.provider, a.provider)
		}
	}
	return nil
}

// writeAddOn puts each file there at once and whole, over what has its name.
func (c *cluster) writeAddOn(a addOn) error {
	dir := filepath.Join(c.paths.manifests, a.stack)
	if err := initDir(dir, 0o755); err != nil {
		return err
	}
	for _, file := range a.files {
		text, err := json.Marshal(addOnObject(a.stack, file))
		if err != nil {
			return err
		}
		draft := filepath.Join(dir, file+".tmp")
		if err := os.WriteFile(draft, text, 0o644); err != nil {
			return err
		}
		if err := os.Rename(draft, filepath.Join(dir, file)); err != nil {
			return err
		}
	}
	logInfo("wrote stack %s: %s", a.stack, strings.Join(a.files, ", "))
	return nil
}

// addOnObject stands for what k0s deploys by that file; it changes with the release.
func addOnObject(stack, file string) object {
	name := strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(file, ".yaml")), "_", "-")
	return object{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"name": name, "namespace": "kube-system"},
		"data": object{"k0s-stand-in": "here k0s deploys its " + stack, "version": version},
	}
}
