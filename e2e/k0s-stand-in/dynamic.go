package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"sigs.k8s.io/yaml"
)

const (
	clusterConfigs    = "/apis/k0s.k0sproject.io/v1beta1/namespaces/kube-system/clusterconfigs"
	clusterConfigsCRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/clusterconfigs.k0s.k0sproject.io"
)

// What only the file decides, also with dynamic config.
var (
	localSpecKeys    = []string{"api", "storage", "installConfig"}
	localNetworkKeys = []string{"serviceCIDR", "clusterDomain", "controlPlaneLoadBalancing", "primaryAddressFamily"}
)

// dynamicConfig follows ClusterConfig kube-system/k0s, which it makes from the file when it is not there.
type dynamicConfig struct {
	*cluster
	installed bool
	seen      string
}

func newDynamicConfig(c *cluster) *dynamicConfig { return &dynamicConfig{cluster: c} }

func (d *dynamicConfig) reconcile(ctx context.Context, changes chan<- *clusterConfig) func() error {
	return func() error {
		if !d.installed {
			if err := d.api.apply(ctx, clusterConfigsCRD, clusterConfigCRD(d.b)); err != nil {
				return err
			}
			d.installed = true
		}
		var live object
		err := d.api.get(ctx, clusterConfigs+"/k0s", &live)
		if isStatus(err, 404) {
			return d.api.create(ctx, clusterConfigs, d.initial(), nil) // also refused while the CRD is not served yet
		}
		if err != nil {
			return err
		}
		revision := fmt.Sprint(live["metadata"].(object)["generation"])
		if revision == d.seen {
			return nil
		}
		d.seen = revision
		effective, err := d.effective(live)
		if err != nil {
			return fmt.Errorf("ClusterConfig kube-system/k0s is not taken over: %w", err)
		}
		select {
		case changes <- effective:
		case <-ctx.Done():
		}
		return nil
	}
}

func (d *dynamicConfig) fileSpec() object {
	var file struct {
		Spec object `json:"spec"`
	}
	if err := yaml.Unmarshal(d.text, &file); err != nil || file.Spec == nil {
		return object{}
	}
	return file.Spec
}

func (d *dynamicConfig) initial() object {
	spec := d.fileSpec()
	for _, key := range localSpecKeys {
		delete(spec, key)
	}
	if network, ok := spec["network"].(object); ok {
		for _, key := range localNetworkKeys {
			delete(network, key)
		}
	}
	return object{
		"apiVersion": "k0s.k0sproject.io/v1beta1", "kind": "ClusterConfig",
		"metadata": object{"name": "k0s", "namespace": "kube-system"}, "spec": spec,
	}
}

// effective is the live object with the file's say in what is the file's.
func (d *dynamicConfig) effective(live object) (*clusterConfig, error) {
	file := d.fileSpec()
	spec, _ := live["spec"].(object)
	spec = maps.Clone(spec)
	if spec == nil {
		spec = object{}
	}
	take(spec, file, localSpecKeys)
	network, _ := spec["network"].(object)
	network = maps.Clone(network)
	if network == nil {
		network = object{}
	}
	fileNetwork, _ := file["network"].(object)
	take(network, fileNetwork, localNetworkKeys)
	spec["network"] = network
	text, err := json.Marshal(object{"spec": spec})
	if err != nil {
		return nil, err
	}
	config, _, err := parseConfig(text, d.b)
	return config, err
}

func take(into, from object, keys []string) {
	for _, key := range keys {
		delete(into, key)
		if value, ok := from[key]; ok {
			into[key] = value
		}
	}
}

// clusterConfigCRD prunes what k0s's own definition would prune.
func clusterConfigCRD(b behaviour) object {
	schema := schemaOf(configKeys(b)).(object)
	schema["properties"].(object)["metadata"] = object{"type": "object"}
	return object{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": object{"name": "clusterconfigs.k0s.k0sproject.io"},
		"spec": object{
			"group": "k0s.k0sproject.io", "scope": "Namespaced",
			"names": object{"kind": "ClusterConfig", "listKind": "ClusterConfigList", "plural": "clusterconfigs", "singular": "clusterconfig"},
			"versions": []object{{
				"name": "v1beta1", "served": true, "storage": true, "schema": object{"openAPIV3Schema": schema},
				"subresources": object{"status": object{}},
			}},
		},
	}
}

func schemaOf(known any) any {
	switch k := known.(type) {
	case []any:
		return object{"type": "array", "items": schemaOf(k[0])}
	case object:
		properties := object{}
		for name, child := range k {
			properties[name] = schemaOf(child)
		}
		return object{"type": "object", "properties": properties}
	}
	switch known {
	case "int":
		return object{"type": "integer"}
	case "bool":
		return object{"type": "boolean"}
	case "map":
		return object{"type": "object", "additionalProperties": object{"type": "string"}}
	case "strings":
		return object{"type": "array", "items": object{"type": "string"}}
	case "any":
		return object{"x-kubernetes-preserve-unknown-fields": true}
	}
	return object{"type": "string"}
}
