package main

import (
	"strings"
	"testing"
)

var newest = behaviour{true, true, true, true}

func TestConfigIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key at the top":         {"spce: {}", `unknown field "spce"`},
		"unknown key in the depth":       {"spec: {api: {prot: 6443}}", `unknown field "spec.api.prot"`},
		"unknown key in a list":          {"spec: {workerProfiles: [{name: a, valeus: {}}]}", `unknown field "spec.workerProfiles[0].valeus"`},
		"duplicate key":                  {"spec: {api: {port: 1, port: 2}}", "already set"},
		"port as text":                   {`spec: {api: {port: "6443"}}`, "spec.api.port of type int"},
		"extra argument that is no text": {"spec: {api: {extraArgs: {profiling: false}}}", "spec.api.extraArgs of type string"},
		"list for an object":             {"spec: {api: []}", "spec.api of type object"},
		"other apiVersion":               {"apiVersion: k0s.k0sproject.io/v1beta2", "v1beta2"},
		"address that is a name":         {"spec: {api: {address: foo.example}}", "invalid IP address"},
		"any-address":                    {"spec: {api: {externalAddress: 0.0.0.0}}", "externalAddress"},
		"SAN with a blank":               {`spec: {api: {sans: ["a b"]}}`, "sans[0]"},
		"port out of range":              {"spec: {konnectivity: {agentPort: 70000}}", "agentPort"},
		"storage type":                   {"spec: {storage: {type: nats}}", "unsupported storage type"},
		"etcd without prefix":            {"spec: {storage: {etcd: {externalCluster: {endpoints: [https://a:2379]}}}}", "etcdPrefix"},
		"etcd with two of three files": {
			"spec: {storage: {etcd: {externalCluster: {endpoints: [https://a:2379], etcdPrefix: p, caFile: a, clientKeyFile: b}}}}", "all or none",
		},
		"profile that sets clusterDNS": {"spec: {workerProfiles: [{name: a, values: {clusterDNS: [1.2.3.4]}}]}", "clusterDNS"},
		"load balancing on the nodes": {
			"spec: {api: {externalAddress: a.example}, network: {nodeLocalLoadBalancing: {enabled: true}}}", "external Kubernetes API server address",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := parseConfig([]byte(c.text), newest)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}

func TestConfigDefaultsAndUnusedKeys(t *testing.T) {
	c, unused, err := parseConfig([]byte("spec:\n  telemetry: {enabled: false}\n  api: {externalAddress: '10.0.0.1:31443'}\n"), newest)
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Spec; s.API.Port != 6443 || s.Konnectivity.AgentPort != 8132 || s.Network.ServiceCIDR != "10.96.0.0/12" || s.Storage.Type != "etcd" {
		t.Errorf("defaults: %+v", s)
	}
	if len(unused) != 1 || unused[0] != "spec.telemetry.enabled" {
		t.Errorf("unused keys: %v", unused)
	}
}

func TestOlderReleasesKnowLess(t *testing.T) {
	for _, text := range []string{"spec: {api: {externalAddress: '10.0.0.1:31443'}}", "spec: {konnectivity: {externalAddress: a.example}}"} {
		if _, _, err := parseConfig([]byte(text), behaviour{}); err == nil {
			t.Errorf("an old release took %s", text)
		}
	}
}

func TestAnonymousAuth(t *testing.T) {
	dir := t.TempDir()
	with := writeFile(t, dir, "with.yaml", "anonymous: {enabled: true}")
	without := writeFile(t, dir, "without.yaml", "jwt: []")
	for name, c := range map[string]struct {
		config string
		b      behaviour
		passed bool
	}{
		"nothing given":                    {"", newest, true},
		"anonymous in the file":            {with, newest, false},
		"no anonymous in the file":         {without, newest, true},
		"a release that passes it despite": {with, behaviour{}, true},
	} {
		config, _, err := parseConfig([]byte("spec: {api: {extraArgs: {authentication-config: '"+c.config+"'}}, storage: {type: kine}}"), newest)
		if err != nil {
			t.Fatal(err)
		}
		args := strings.Join(apiServerArgs(config, newPaths(dir, ""), c.b, "/egress", false), " ")
		if strings.Contains(args, "--anonymous-auth=false") != c.passed {
			t.Errorf("%s: %s", name, args)
		}
	}
}

func TestUserArgumentsWin(t *testing.T) {
	config, _, err := parseConfig([]byte(`
spec:
  api: {externalAddress: 10.0.0.1, extraArgs: {profiling: "true", anonymous-auth: "true"}, rawArgs: [--vmodule=a=1]}
  controllerManager: {extraArgs: {leader-elect: "false"}}
  storage: {etcd: {externalCluster: {endpoints: [https://a:1, https://b:2], etcdPrefix: p, caFile: /a, clientCertFile: /b, clientKeyFile: /c}}}
`), newest)
	if err != nil {
		t.Fatal(err)
	}
	p := newPaths("/d", "")
	api := " " + strings.Join(apiServerArgs(config, p, newest, "", true), " ") + " "
	for _, want := range []string{
		"profiling=true", "anonymous-auth=true", "endpoint-reconciler-type=none", "etcd-servers=https://a:1,https://b:2", "etcd-prefix=p",
		"etcd-keyfile=/c", "vmodule=a=1", "shutdown-watch-termination-grace-period=18s", "kubelet-certificate-authority=/d/pki/ca.crt",
	} {
		if !strings.Contains(api, " --"+want+" ") {
			t.Errorf("kube-apiserver has no --%s: %s", want, api)
		}
	}
	manager := strings.Join(controllerManagerArgs(config, p, "--leader-elect=true --v=3"), " ")
	if !strings.Contains(manager, "--leader-elect=false") || !strings.Contains(manager, "--v=3") {
		t.Errorf("kube-controller-manager: %s", manager)
	}
	if scheduler := strings.Join(schedulerArgs(config, p), " "); !strings.Contains(scheduler, "--leader-elect=true") {
		t.Errorf("kube-scheduler: %s", scheduler)
	}
}
