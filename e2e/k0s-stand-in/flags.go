package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

const defaultDataDir = "/var/lib/k0s"

// componentNames are what --disable-components takes.
var componentNames = []string{
	"applier-manager", "autopilot", "control-api", "coredns", "csr-approver", "endpoint-reconciler", "helm", "konnectivity-server",
	"kube-controller-manager", "kube-proxy", "kube-scheduler", "metrics-server", "network-provider", "node-role", "system-rbac",
	"update-prober", "windows-node", "worker-config",
}

// commonFlags are k0s's flags of every command that touches its files.
type commonFlags struct {
	dataDir, statusSocket string
}

func (o *commonFlags) addTo(f *pflag.FlagSet) {
	f.StringVar(&o.dataDir, "data-dir", defaultDataDir, "where everything is kept")
	f.StringVar(&o.statusSocket, "status-socket", "", "status socket")
}

type workerFlags struct {
	commonFlags
	token, tokenFile, profile, criSocket, kubeletExtraArgs, kubeletRootDir string
	cloudProvider                                                          bool
	labels                                                                 labelMap
	taints                                                                 []string
}

// addTo adds the worker's own flags; those without a variable are accepted and change nothing here.
func (o *workerFlags) addTo(f *pflag.FlagSet) {
	o.labels = labelMap{}
	f.StringVar(&o.tokenFile, "token-file", "", "file with the join token")
	f.StringVar(&o.profile, "profile", "default", "worker profile")
	f.StringVar(&o.criSocket, "cri-socket", "", "runtime of the machine's own: remote:unix://PATH")
	f.StringVar(&o.kubeletExtraArgs, "kubelet-extra-args", "", "arguments for the kubelet, blank separated")
	f.StringVar(&o.kubeletRootDir, "kubelet-root-dir", "", "the kubelet's --root-dir")
	f.BoolVar(&o.cloudProvider, "enable-cloud-provider", false, "external cloud provider")
	f.Var(&o.labels, "labels", "labels for the node, key=value")
	f.StringSliceVar(&o.taints, "taints", nil, "taints for the node, key=value:effect")
	f.StringP("logging", "l", "", "log levels")
	f.String("iptables-mode", "", "nft, legacy or auto")
	f.Bool("ignore-pre-flight-checks", false, "the stand-in has none")
}

type controllerFlags struct {
	workerFlags
	configFile, managerExtraArgs      string
	disabled                          []string
	enableWorker, single, initOnly    bool
	dynamicConfig, cloudProviderOfK0s bool
	metricsScraper                    bool
}

func (o *controllerFlags) addTo(f *pflag.FlagSet) {
	o.commonFlags.addTo(f)
	o.workerFlags.addTo(f) // k0s has them on every controller, for --enable-worker
	f.StringVarP(&o.configFile, "config", "c", "", "config file, - for standard input")
	f.StringSliceVar(&o.disabled, "disable-components", nil, "leave out: "+strings.Join(componentNames, ", "))
	f.BoolVar(&o.enableWorker, "enable-worker", false, "refused")
	f.BoolVar(&o.single, "single", false, "refused")
	f.Bool("no-taints", false, "changes nothing here")
	f.BoolVar(&o.cloudProviderOfK0s, "enable-k0s-cloud-provider", false, "refused")
	f.Duration("k0s-cloud-provider-update-frequency", 2*time.Minute, "changes nothing here")
	f.Int("k0s-cloud-provider-port", 10258, "changes nothing here")
	f.BoolVar(&o.dynamicConfig, "enable-dynamic-config", false, "follow ClusterConfig kube-system/k0s")
	f.BoolVar(&o.metricsScraper, "enable-metrics-scraper", false, "write the stack of its push gateway")
	f.StringVar(&o.managerExtraArgs, "kube-controller-manager-extra-args", "", "arguments for kube-controller-manager, blank separated")
	f.BoolVar(&o.initOnly, "init-only", false, "stop after the certificates")
	f.String("feature-gates", "", "changes nothing here")
}

// addDebugFlags adds what every long running command of k0s has.
func addDebugFlags(f *pflag.FlagSet) {
	f.BoolP("debug", "d", false, "changes nothing here")
	f.BoolP("verbose", "v", false, "changes nothing here")
	f.String("debugListenOn", ":6060", "changes nothing here")
}

// labelMap takes key=value pairs, repeated or separated by commas.
type labelMap map[string]string

func (m *labelMap) Type() string   { return "mapStringString" }
func (m *labelMap) String() string { return strings.Join(m.pairs(), ",") }

func (m *labelMap) Set(text string) error {
	for pair := range strings.SplitSeq(text, ",") {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return fmt.Errorf("malformed pair, expect string=string: %q", pair)
		}
		(*m)[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return nil
}

func (m *labelMap) pairs() []string {
	pairs := []string{}
	for key, value := range *m {
		pairs = append(pairs, key+"="+value)
	}
	slices.Sort(pairs)
	return pairs
}
