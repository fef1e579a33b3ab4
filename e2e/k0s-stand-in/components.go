package main

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// paths are the places that k0s keeps its things in.
type paths struct {
	data, run, bin, pki, manifests, status, kineSocket string
}

func newPaths(dataDir, statusSocket string) paths {
	run := "/run/k0s"
	if os.Geteuid() != 0 {
		run = filepath.Join(dataDir, "run")
	}
	p := paths{
		data: dataDir, run: run,
		bin: filepath.Join(dataDir, "bin"), pki: filepath.Join(dataDir, "pki"), manifests: filepath.Join(dataDir, "manifests"),
		status: statusSocket, kineSocket: filepath.Join(run, "kine", "kine.sock:2379"),
	}
	if p.status == "" {
		p.status = filepath.Join(run, "status.sock")
	}
	return p
}

// flagMap holds one value per flag, without dashes.
type flagMap map[string]string

// list is the arguments in a fixed order.
func (f flagMap) list() []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		args = append(args, "--"+name+"="+f[name])
	}
	return args
}

// splitFlags reads "--a=b --c=d" as k0s does: blank separated, no quoting, the last value of a name wins.
func splitFlags(text string) flagMap {
	f := flagMap{}
	for field := range strings.FieldsSeq(text) {
		name, value, found := strings.Cut(strings.TrimLeft(field, "-"), "=")
		if !found {
			value = "true"
		}
		f[name] = value
	}
	return f
}

// override puts a user's arguments over k0s's own: the user wins.
func (f flagMap) override(component string, with map[string]string) {
	for name, value := range with {
		if old, ok := f[name]; ok && old != value {
			logWarn("overriding %s flag with user provided value: %s", component, name)
		}
		f[name] = value
	}
}

// fill adds what is not set yet.
func (f flagMap) fill(defaults map[string]string) {
	for name, value := range defaults {
		if f[name] == "" {
			f[name] = value
		}
	}
}

func (f flagMap) gates(component string, gates []featureGate) {
	set := []string{}
	if f["feature-gates"] != "" {
		set = append(set, f["feature-gates"])
	}
	for _, g := range gates {
		if len(g.Components) == 0 || slices.Contains(g.Components, component) {
			set = append(set, fmt.Sprintf("%s=%t", g.Name, g.Enabled))
		}
	}
	if len(set) > 0 {
		f["feature-gates"] = strings.Join(set, ",")
	}
}

var tlsCipherSuites = []string{
	"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}

// serviceCIDRs has the primary family first: Kubernetes relies on the order.
func serviceCIDRs(c *clusterConfig) []string {
	n := c.Spec.Network
	if !n.DualStack.Enabled {
		return []string{n.ServiceCIDR}
	}
	if primaryFamily(c) == "IPv6" {
		return []string{n.DualStack.ServiceCIDR, n.ServiceCIDR}
	}
	return []string{n.ServiceCIDR, n.DualStack.ServiceCIDR}
}

func primaryFamily(c *clusterConfig) string {
	if family := c.Spec.Network.PrimaryAddressFamily; family != "" {
		return family
	}
	host, _ := splitHostPort(c.Spec.API.ExternalAddress, 0)
	if host == "" {
		host = c.Spec.API.Address
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		return "IPv6"
	}
	return "IPv4"
}

// component is a child that is not started yet.
func component(p paths, users componentUsers, name, user string, grace time.Duration, args []string) *child {
	return &child{name: name, binary: filepath.Join(p.bin, name), args: args, uid: users.uid(user), runDir: p.run, grace: grace}
}

// apiServerArgs are k0s's. egress: the file that leads through konnectivity, without which there is none.
func apiServerArgs(c *clusterConfig, p paths, b behaviour, egress string, ownEndpoint bool) []string {
	a := c.Spec.API
	file := func(name string) string { return filepath.Join(p.pki, name) }
	audiences := "https://kubernetes.default.svc"
	if egress != "" {
		audiences += ",system:konnectivity-server"
	}
	f := flagMap{
		"advertise-address": a.Address, "secure-port": strconv.Itoa(a.Port), "authorization-mode": "Node,RBAC",
		"client-ca-file": file("ca.crt"), "enable-bootstrap-token-auth": "true", "enable-admission-plugins": "NodeRestriction",
		"kubelet-client-certificate": file("apiserver-kubelet-client.crt"), "kubelet-client-key": file("apiserver-kubelet-client.key"),
		"kubelet-certificate-authority": file("ca.crt"), "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
		"proxy-client-cert-file": file("front-proxy-client.crt"), "proxy-client-key-file": file("front-proxy-client.key"),
		"requestheader-allowed-names": "front-proxy-client", "requestheader-client-ca-file": file("front-proxy-ca.crt"),
		"service-account-key-file": file("sa.pub"), "service-account-signing-key-file": file("sa.key"),
		"service-account-issuer":   "https://kubernetes.default.svc",
		"service-account-jwks-uri": "https://kubernetes.default.svc/openid/v1/jwks", "api-audiences": audiences,
		"service-cluster-ip-range": strings.Join(serviceCIDRs(c), ","),
		"tls-min-version":          "VersionTLS12", "tls-cert-file": file("server.crt"), "tls-private-key-file": file("server.key"),
		"profiling": "false", "v": "1", "shutdown-watch-termination-grace-period": "18s",
	}
	if egress != "" {
		f["egress-selector-config-file"] = egress
	}
	if a.OnlyBindToAddress {
		f["bind-address"] = a.Address
	}
	f.override("kube-apiserver", a.ExtraArgs)
	f.gates("kube-apiserver", c.Spec.FeatureGates)
	f.fill(flagMap{
		"allow-privileged": "true", "requestheader-extra-headers-prefix": "X-Remote-Extra-",
		"requestheader-group-headers": "X-Remote-Group", "requestheader-username-headers": "X-Remote-User",
		"tls-cipher-suites": strings.Join(tlsCipherSuites, ","),
	})
	if !(b.anonymousLeftOut && configuresAnonymous(f["authentication-config"])) {
		f.fill(flagMap{"anonymous-auth": "false"})
	}
	if ownEndpoint {
		f["endpoint-reconciler-type"] = "none"
	}
	return slices.Concat(f.list(), etcdArgs(c, p), a.RawArgs)
}

// configuresAnonymous tells whether an AuthenticationConfiguration has the field that kube-apiserver refuses
// beside --anonymous-auth.
func configuresAnonymous(file string) bool {
	if file == "" {
		return false
	}
	text, err := os.ReadFile(file)
	var parsed map[string]any
	if err == nil {
		err = yaml.Unmarshal(text, &parsed)
	}
	if err != nil {
		logWarn("authentication-config %s: %v", file, err)
	}
	return parsed["anonymous"] != nil
}

func etcdArgs(c *clusterConfig, p paths) []string {
	if c.Spec.Storage.Type == "kine" {
		return []string{"--etcd-servers=unix://" + p.kineSocket}
	}
	e := c.Spec.Storage.Etcd.ExternalCluster
	args := []string{"--etcd-servers=" + strings.Join(e.Endpoints, ","), "--etcd-prefix=" + e.EtcdPrefix}
	if e.CAFile != "" {
		args = append(args, "--etcd-cafile="+e.CAFile, "--etcd-certfile="+e.ClientCertFile, "--etcd-keyfile="+e.ClientKeyFile)
	}
	return args
}

func controllerManagerArgs(c *clusterConfig, p paths, extra string) []string {
	n := c.Spec.Network
	file := func(name string) string { return filepath.Join(p.pki, name) }
	f := flagMap{
		"authentication-kubeconfig": file("ccm.conf"), "authorization-kubeconfig": file("ccm.conf"), "kubeconfig": file("ccm.conf"),
		"client-ca-file": file("ca.crt"), "cluster-signing-cert-file": file("ca.crt"), "cluster-signing-key-file": file("ca.key"),
		"requestheader-client-ca-file": file("front-proxy-ca.crt"), "root-ca-file": file("ca.crt"),
		"service-account-private-key-file": file("sa.key"), "cluster-cidr": n.PodCIDR,
		"service-cluster-ip-range": strings.Join(serviceCIDRs(c), ","), "profiling": "false",
		"terminated-pod-gc-threshold": "12500", "v": "1",
	}
	maps.Copy(f, splitFlags(extra))
	switch {
	case n.DualStack.Enabled:
		f["cluster-cidr"] = n.DualStack.PodCIDR + "," + n.PodCIDR
		f["node-cidr-mask-size-ipv4"], f["node-cidr-mask-size-ipv6"] = "24", "117"
	case strings.Contains(n.PodCIDR, ":"):
		f["node-cidr-mask-size"] = "117"
	default:
		f["node-cidr-mask-size"] = "24"
	}
	f.override("kube-controller-manager", c.Spec.ControllerManager.ExtraArgs)
	f.fill(flagMap{
		"allocate-node-cidrs": "true", "bind-address": "127.0.0.1", "cluster-name": "k0s",
		"controllers": "*,bootstrapsigner,tokencleaner", "leader-elect": "true", "use-service-account-credentials": "true",
	})
	if !c.joinable() {
		f["leader-elect"] = "false"
	}
	f.gates("kube-controller-manager", c.Spec.FeatureGates)
	return append(f.list(), c.Spec.ControllerManager.RawArgs...)
}

func schedulerArgs(c *clusterConfig, p paths) []string {
	config := filepath.Join(p.pki, "scheduler.conf")
	f := flagMap{
		"authentication-kubeconfig": config, "authorization-kubeconfig": config, "kubeconfig": config,
		"bind-address": "127.0.0.1", "leader-elect": "true", "profiling": "false", "v": "1",
	}
	f.override("kube-scheduler", c.Spec.Scheduler.ExtraArgs)
	if !c.joinable() {
		f["leader-elect"] = "false"
	}
	f.gates("kube-scheduler", c.Spec.FeatureGates)
	return append(f.list(), c.Spec.Scheduler.RawArgs...)
}

// kineSource is the data source name, by default k0s's sqlite file with kine's own parameters: with fewer, the sqlite
// that kine has without cgo waits for locks for many seconds.
func kineSource(c *clusterConfig, p paths) string {
	if dsn := c.Spec.Storage.Kine.DataSource; dsn != "" {
		return dsn
	}
	return "sqlite://" + filepath.Join(p.data, "db", "state.db") +
		"?_journal_mode=WAL&_busy_timeout=30000&_synchronous=NORMAL&_txlock=immediate&_stmt_cache_size=20&cache=shared"
}
