package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

const pluginDir = "/usr/libexec/k0s/kubelet-plugins/volume/exec"

// worker is one running `k0s worker`.
type worker struct {
	flags   *workerFlags
	paths   paths
	host    hostFacts
	release release
	node    string
	extra   flagMap
	config  string // the node's kubeconfig
	root    string // of the kubelet
	stops   []func()
}

func runWorker(ctx context.Context, o *workerFlags) error {
	if os.Geteuid() != 0 {
		return errors.New("k0s worker must be run as root")
	}
	r, err := parseRelease(version)
	if err != nil {
		return err
	}
	w := &worker{flags: o, paths: newPaths(o.dataDir, o.statusSocket), host: observeHost(), release: r, extra: splitFlags(o.kubeletExtraArgs)}
	w.config, w.root = filepath.Join(w.paths.data, "kubelet.conf"), o.kubeletRootDir
	defaultTo(&w.root, filepath.Join(w.paths.data, "kubelet"))
	if w.node = w.extra["hostname-override"]; w.node == "" {
		if w.node, err = os.Hostname(); err != nil {
			return err
		}
	}
	w.node = strings.ToLower(strings.TrimSpace(w.node))
	w.host.report()
	defer func() {
		for _, stop := range slices.Backward(w.stops) {
			stop()
		}
	}()
	err = w.run(ctx)
	if ctx.Err() != nil {
		logInfo("shutting down")
		return nil
	}
	return err
}

func (w *worker) run(ctx context.Context) error {
	for dir, mode := range map[string]os.FileMode{
		w.paths.data: 0o755, w.paths.run: 0o755, w.paths.bin: 0o755, w.paths.pki: 0o751, w.root: 0o700, pluginDir: 0o755,
	} {
		if err := initDir(dir, mode); err != nil {
			return err
		}
	}
	if err := stage(w.paths.bin, "kubelet", "kube-proxy", "images/pause.tar"); err != nil {
		return err
	}
	certDir := filepath.Join(w.root, "pki")
	if err := bootstrapNode(ctx, w, certDir); err != nil {
		return err
	}
	client, err := apiFromFile(w.config)
	if err != nil {
		return err
	}
	profile, err := w.loadProfile(ctx, client)
	if err != nil {
		return err
	}
	endpoint := strings.TrimPrefix(w.flags.criSocket, "remote:")
	if endpoint == "" {
		if endpoint, err = w.startContainerd(ctx, profile.pauseImage); err != nil {
			return err
		}
	}
	configFile := filepath.Join(w.paths.data, "kubelet-config.yaml")
	if err := w.writeKubeletConfig(configFile, profile.kubelet, endpoint); err != nil {
		return err
	}
	args := flagMap{
		"root-dir": w.root, "config": configFile, "kubeconfig": w.config, "cert-dir": certDir, "hostname-override": w.node, "v": "1",
	}
	if labels := w.flags.labels.pairs(); len(labels) > 0 {
		args["node-labels"] = strings.Join(labels, ",")
	}
	if w.flags.cloudProvider {
		args["cloud-provider"] = "external"
	}
	maps.Copy(args, w.extra) // the user's come last
	kubelet := &child{name: "kubelet", binary: filepath.Join(w.paths.bin, "kubelet"), args: args.list(), runDir: w.paths.run, grace: 10 * time.Second}
	if err := w.start(kubelet); err != nil {
		return err
	}
	stopStatus, err := serveStatus(w.paths.status, statusOf("worker"))
	if err != nil {
		return err
	}
	w.stops = append(w.stops, stopStatus)
	go w.network(ctx, client)
	go w.keepAgent(ctx, client, profile)
	<-ctx.Done()
	return nil
}

func (w *worker) start(c *child) error {
	if err := c.start(); err != nil {
		return err
	}
	w.stops = append(w.stops, c.stop)
	return nil
}

// profile is what a worker takes from the ConfigMap of its worker profile.
type profile struct {
	kubelet      object
	pauseImage   image
	konnectivity agentConfig
	apiServers   []string
}

// loadProfile waits for the ConfigMap as k0s does: every half second first, then less and less often.
func (w *worker) loadProfile(ctx context.Context, client *api) (profile, error) {
	var p profile
	name := fmt.Sprintf("worker-config-%s-%s", w.flags.profile, w.release.minor())
	var last string
	for delay := 500 * time.Millisecond; ; delay = min(2*delay, 10*time.Second) {
		var configMap struct {
			Data map[string]string `json:"data"`
		}
		err := client.get(ctx, "/api/v1/namespaces/kube-system/configmaps/"+name, &configMap)
		if err == nil {
			err = errors.Join(
				json.Unmarshal([]byte(configMap.Data["kubeletConfiguration"]), &p.kubelet),
				json.Unmarshal([]byte(configMap.Data["pauseImage"]), &p.pauseImage),
				json.Unmarshal([]byte(configMap.Data["konnectivity"]), &p.konnectivity),
				json.Unmarshal([]byte(configMap.Data["apiServerAddresses"]), &p.apiServers))
			if err == nil {
				text, _ := yaml.Marshal(configMap.Data)
				return p, os.WriteFile(filepath.Join(w.paths.data, "worker-profile.yaml"), text, 0o600)
			}
		}
		if err.Error() != last {
			logWarn("waiting for worker configuration %s: %v", name, err)
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-time.After(delay):
		}
	}
}

func (w *worker) writeKubeletConfig(file string, kubelet object, endpoint string) error {
	mergeInto(kubelet, object{"authentication": object{"x509": object{"clientCAFile": filepath.Join(w.paths.pki, "ca.crt")}}})
	resolvConf := "/etc/resolv.conf"
	if alternative := "/run/systemd/resolve/resolv.conf"; exists(alternative) {
		resolvConf = alternative
	}
	kubelet["volumePluginDir"] = pluginDir
	kubelet["resolvConf"] = resolvConf
	kubelet["containerRuntimeEndpoint"] = endpoint
	var taints []object
	for _, text := range w.flags.taints {
		taint, err := parseTaint(text)
		if err != nil {
			return err
		}
		taints = append(taints, taint)
	}
	if len(taints) > 0 {
		kubelet["registerWithTaints"] = taints
	}
	w.host.lenient(kubelet)
	text, err := yaml.Marshal(kubelet)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// parseTaint reads key, key:effect or key=value:effect.
func parseTaint(text string) (object, error) {
	left, effect, hasEffect := strings.Cut(text, ":")
	if hasEffect && !slices.Contains([]string{"NoSchedule", "PreferNoSchedule", "NoExecute"}, effect) {
		return nil, fmt.Errorf("invalid taint effect: %v, unsupported taint effect", effect)
	}
	key, value, hasValue := strings.Cut(left, "=")
	if key == "" || strings.Contains(value, "=") || (hasValue && !hasEffect) {
		return nil, fmt.Errorf("invalid taint spec: %v", text)
	}
	return object{"key": key, "value": value, "effect": effect}, nil
}

// network gives the node what k0s would deploy as pods: a CNI configuration for its pod CIDR, and kube-proxy.
func (w *worker) network(ctx context.Context, client *api) {
	var podCIDR string
	if until(ctx, "pod CIDR of node "+w.node, time.Second, func() error {
		var node struct {
			Spec struct {
				PodCIDR string `json:"podCIDR"`
			} `json:"spec"`
		}
		if err := client.get(ctx, "/api/v1/nodes/"+w.node, &node); err != nil {
			return err
		}
		if podCIDR = node.Spec.PodCIDR; podCIDR == "" {
			return errors.New("the node has none yet")
		}
		return nil
	}) != nil {
		return
	}
	if err := writeCNI("/etc/cni/net.d", podCIDR); err != nil {
		logWarn("CNI: %v", err)
	}
	if !onPath("iptables") {
		logWarn("no iptables on this machine: Services will not work")
		return
	}
	proxy := &child{
		name: "kube-proxy", binary: filepath.Join(w.paths.bin, "kube-proxy"), runDir: w.paths.run, grace: 5 * time.Second,
		args: []string{
			"--kubeconfig=" + w.config, "--hostname-override=" + w.node, "--proxy-mode=iptables", "--conntrack-max-per-core=0",
			"--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249",
		},
	}
	if err := w.start(proxy); err != nil {
		logWarn("kube-proxy: %v", err)
	}
}

// writeCNI leaves a configuration alone that somebody else put there.
func writeCNI(dir, podCIDR string) error {
	const name = "10-k0s-stand-in.conflist"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	others, err := filepath.Glob(filepath.Join(dir, "*.conf*"))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(file string) bool { return filepath.Base(file) != name }) {
		return nil
	}
	if _, _, err := net.ParseCIDR(podCIDR); err != nil {
		return err
	}
	text, err := json.MarshalIndent(object{
		"cniVersion": "1.0.0", "name": "k0s-stand-in",
		"plugins": []object{
			{
				"type": "bridge", "bridge": "kube-bridge", "isGateway": true, "ipMasq": true, "hairpinMode": true,
				"ipam": object{"type": "host-local", "ranges": []any{[]object{{"subnet": podCIDR}}}, "routes": []object{{"dst": "0.0.0.0/0"}}},
			},
			{"type": "portmap", "capabilities": object{"portMappings": true}},
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), append(text, '\n'), 0o644)
}
