package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

var dnsName = regexp.MustCompile(`^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?$`)

func isHost(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil || dnsName.MatchString(s)
}

// splitHostPort takes apart host, host:port, an IPv6 address and [IPv6]:port; without a port it gives the default.
func splitHostPort(address string, port int) (string, int) {
	if host, p, err := net.SplitHostPort(address); err == nil {
		if n, err := net.LookupPort("tcp", p); err == nil {
			return host, n
		}
	}
	return strings.Trim(address, "[]"), port
}

func (c *clusterConfig) validate(b behaviour) error {
	var errs []error
	fail := func(path, format string, args ...any) {
		errs = append(errs, fmt.Errorf("spec: %s: %s", path, fmt.Sprintf(format, args...)))
	}
	s := &c.Spec
	if ip, err := netip.ParseAddr(s.API.Address); err != nil || ip.IsUnspecified() {
		fail("api: address", "invalid IP address %q", s.API.Address)
	}
	if external := s.API.ExternalAddress; external != "" {
		host, _ := splitHostPort(external, 0)
		if ip, err := netip.ParseAddr(host); !isHost(host) || (err == nil && ip.IsUnspecified()) {
			fail("api: externalAddress", "invalid IP address / DNS name %q", external)
		} else if host != external && !b.externalAddressPort {
			fail("api: externalAddress", "invalid IP address / DNS name %q (this release knows no port here)", external)
		}
	}
	for i, san := range s.API.SANs {
		if !isHost(san) {
			fail(fmt.Sprintf("api: sans[%d]", i), "invalid IP address / DNS name %q", san)
		}
	}
	for path, port := range map[string]int{
		"api: port": s.API.Port, "api: k0sApiPort": s.API.K0sAPIPort,
		"konnectivity: agentPort": s.Konnectivity.AgentPort, "konnectivity: adminPort": s.Konnectivity.AdminPort,
	} {
		if port < 1 || port > 65535 {
			fail(path, "must be between 1 and 65535, inclusive")
		}
	}
	c.validateNetwork(fail)
	c.validateStorage(fail)
	for i, p := range s.WorkerProfiles {
		if p.Name == "" {
			fail(fmt.Sprintf("workerProfiles[%d].name", i), "required")
		}
		for _, key := range []string{"clusterDNS", "clusterDomain", "apiVersion", "kind", "staticPodURL"} {
			if _, ok := p.Values[key]; ok {
				fail(fmt.Sprintf("workerProfiles[%d].values.%s", i, key), "may not be used in k0s worker profiles")
			}
		}
	}
	return errors.Join(errs...)
}

func (c *clusterConfig) validateNetwork(fail func(path, format string, args ...any)) {
	n := &c.Spec.Network
	if !slices.Contains([]string{"kuberouter", "calico", "custom"}, n.Provider) {
		fail("network: provider", "unsupported value %q", n.Provider)
	}
	cidrs := map[string]string{"podCIDR": n.PodCIDR, "serviceCIDR": n.ServiceCIDR}
	if n.DualStack.Enabled {
		cidrs["dualStack.IPv6podCIDR"], cidrs["dualStack.IPv6serviceCIDR"] = n.DualStack.PodCIDR, n.DualStack.ServiceCIDR
	}
	for path, cidr := range cidrs {
		if _, err := netip.ParsePrefix(cidr); err != nil {
			fail("network: "+path, "invalid CIDR address %q", cidr)
		}
	}
	if !dnsName.MatchString(n.ClusterDomain) {
		fail("network: clusterDomain", "invalid DNS name %q", n.ClusterDomain)
	}
	if !slices.Contains([]string{"", "IPv4", "IPv6"}, n.PrimaryAddressFamily) {
		fail("network: addressFamily", "unsupported value %q", n.PrimaryAddressFamily)
	}
	if n.NodeLocalLoadBalancing.Enabled && c.Spec.API.ExternalAddress != "" {
		fail("network.nodeLocalLoadBalancing.enabled", "cannot be used in conjunction with an external Kubernetes API server address")
	}
}

func (c *clusterConfig) validateStorage(fail func(path, format string, args ...any)) {
	st := &c.Spec.Storage
	if st.Type != "etcd" && st.Type != "kine" {
		fail("storage: type", "unsupported storage type %q", st.Type)
	}
	e := st.Etcd.ExternalCluster
	if st.Type != "etcd" || e == nil {
		return
	}
	if len(e.Endpoints) == 0 || slices.Contains(e.Endpoints, "") {
		fail("storage: etcd.externalCluster.endpoints", "cannot be null or empty")
	}
	if e.EtcdPrefix == "" {
		fail("storage: etcd.externalCluster.etcdPrefix", "cannot be empty")
	}
	if all := e.CAFile != "" && e.ClientCertFile != "" && e.ClientKeyFile != ""; !all && e.CAFile+e.ClientCertFile+e.ClientKeyFile != "" {
		fail("storage: etcd.externalCluster", "caFile, clientCertFile and clientKeyFile go together: all or none")
	}
}
