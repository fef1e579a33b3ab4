package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// apiServerAddresses reads the endpoints of Service default/kubernetes, whoever wrote them.
func (c *cluster) apiServerAddresses(ctx context.Context) ([]string, error) {
	var slice struct {
		Endpoints []struct {
			Addresses []string `json:"addresses"`
		} `json:"endpoints"`
		Ports []struct {
			Port uint16 `json:"port"`
		} `json:"ports"`
	}
	if err := c.api.get(ctx, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes", &slice); err != nil {
		return nil, fmt.Errorf("no API server addresses discovered: %w", err)
	}
	var addresses []string
	for _, e := range slice.Endpoints {
		for _, a := range e.Addresses {
			ip, err := netip.ParseAddr(a)
			if err != nil || len(slice.Ports) == 0 {
				continue
			}
			addresses = append(addresses, netip.AddrPortFrom(ip, slice.Ports[0].Port).String())
		}
	}
	if len(addresses) == 0 {
		return nil, errors.New("no API server addresses discovered")
	}
	return addresses, nil
}

// applyWorkerConfig writes a ConfigMap per worker profile, which a worker of the same minor version waits for, and the
// right to read them.
func (c *cluster) applyWorkerConfig(ctx context.Context) error {
	addresses, err := c.apiServerAddresses(ctx)
	if err != nil {
		return err
	}
	objects, err := workerConfigObjects(c.effective, c.release, addresses, c.flags.enabled("konnectivity-server"))
	if err != nil {
		return err
	}
	text, err := json.Marshal(objects)
	if err != nil || string(text) == c.workerConfigured {
		return err
	}
	if err := c.applyAll(ctx, objects); err != nil {
		return err
	}
	c.workerConfigured = string(text)
	logInfo("worker configuration updated")
	return nil
}

func workerConfigObjects(config *clusterConfig, r release, addresses []string, konnectivity bool) (map[string]object, error) {
	s := config.Spec
	agents := object{"enabled": konnectivity, "agentPort": s.Konnectivity.AgentPort}
	if s.Konnectivity.ExternalAddress != "" && r.behaviour().konnectivityExternalAddress {
		agents["externalAddress"] = s.Konnectivity.ExternalAddress
	}
	profiles, err := kubeletConfigurations(config)
	if err != nil {
		return nil, err
	}
	objects, names := map[string]object{}, []string{}
	for profile, kubelet := range profiles {
		data := object{}
		for key, value := range map[string]any{
			"apiServerAddresses": addresses, "kubeletConfiguration": kubelet, "konnectivity": agents, "pauseImage": s.Images.Pause,
			"nodeLocalLoadBalancing": object{"enabled": s.Network.NodeLocalLoadBalancing.Enabled},
			"primaryAddressFamily":   primaryFamily(config),
		} {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			data[key] = string(text)
		}
		name := fmt.Sprintf("worker-config-%s-%s", profile, r.minor())
		names = append(names, name)
		objects["/api/v1/namespaces/kube-system/configmaps/"+name] = object{
			"apiVersion": "v1", "kind": "ConfigMap", "data": data,
			"metadata": object{"name": name, "namespace": "kube-system", "labels": object{
				"app.kubernetes.io/managed-by": "k0s", "app.kubernetes.io/component": "worker-config", "k0s.k0sproject.io/worker-profile": profile,
			}},
		}
	}
	slices.Sort(names)
	readers := "system:bootstrappers:worker-config-" + r.minor()
	meta := object{"name": readers, "namespace": "kube-system"}
	objects[rbac+"namespaces/kube-system/roles/"+readers] = object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": meta,
		"rules": []object{{
			"apiGroups": []string{""}, "resources": []string{"configmaps"}, "resourceNames": names, "verbs": []string{"get", "list", "watch"},
		}},
	}
	objects[rbac+"namespaces/kube-system/rolebindings/"+readers] = object{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": meta,
		"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": readers},
		"subjects": []object{group("system:bootstrappers"), group("system:nodes")},
	}
	return objects, nil
}

// kubeletConfigurations has one per worker profile: k0s's own, and the user's values laid over it.
func kubeletConfigurations(config *clusterConfig) (map[string]object, error) {
	prefix, err := netip.ParsePrefix(config.Spec.Network.ServiceCIDR)
	if err != nil {
		return nil, err
	}
	dns := prefix.Masked().Addr()
	for range 10 {
		dns = dns.Next()
	}
	base := func(cgroupsPerQOS bool) object {
		k := object{
			"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
			"clusterDNS": []any{dns.String()}, "clusterDomain": config.Spec.Network.ClusterDomain,
			"tlsMinVersion": "VersionTLS12", "tlsCipherSuites": tlsCipherSuites, "failSwapOn": false, "rotateCertificates": true,
			"serverTLSBootstrap": true, "eventRecordQPS": 0, "cgroupsPerQOS": cgroupsPerQOS,
		}
		gates := object{}
		for _, g := range config.Spec.FeatureGates {
			if len(g.Components) == 0 || slices.Contains(g.Components, "kubelet") {
				gates[g.Name] = g.Enabled
			}
		}
		if len(gates) > 0 {
			k["featureGates"] = gates
		}
		return k
	}
	profiles := map[string]object{"default": base(true), "default-windows": base(false)}
	for _, p := range config.Spec.WorkerProfiles {
		if _, ok := profiles[p.Name]; !ok {
			profiles[p.Name] = base(true)
		}
		mergeInto(profiles[p.Name], p.Values)
	}
	return profiles, nil
}

func mergeInto(target, values object) {
	for key, value := range values {
		into, isObject := target[key].(object)
		if from, ok := value.(object); ok && isObject {
			mergeInto(into, from)
		} else {
			target[key] = value
		}
	}
}
