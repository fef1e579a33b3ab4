package main

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

//go:embed config-keys.yaml
var configKeysYAML []byte

// actedOn are the keys whose value changes what the stand-in does; the rest of what k0s knows is accepted and logged.
var actedOn = []string{
	"apiVersion", "kind", "metadata", "status", "spec.api.address", "spec.api.externalAddress", "spec.api.extraArgs",
	"spec.api.k0sApiPort", "spec.api.onlyBindToAddress", "spec.api.port", "spec.api.rawArgs", "spec.api.sans",
	"spec.controllerManager", "spec.scheduler", "spec.featureGates", "spec.images.pause", "spec.konnectivity",
	"spec.network.clusterDomain", "spec.network.dualStack", "spec.network.kubeProxy.disabled", "spec.network.nodeLocalLoadBalancing.enabled",
	"spec.network.podCIDR", "spec.network.primaryAddressFamily", "spec.network.provider", "spec.network.serviceCIDR",
	"spec.storage.etcd.externalCluster", "spec.storage.kine", "spec.storage.type", "spec.workerProfiles",
}

// configKeys is the tree of known keys for a release.
func configKeys(b behaviour) map[string]any {
	var keys map[string]any
	if err := yaml.Unmarshal(configKeysYAML, &keys); err != nil {
		panic(err)
	}
	if !b.externalAddressPort { // both came with the same releases
		delete(keys["spec"].(map[string]any)["konnectivity"].(map[string]any), "externalAddress")
	}
	return keys
}

// checkKeys reports what k0s's strict decoding would refuse, and lists the accepted leaves into seen.
func checkKeys(path string, value, known any, seen *[]string) []error {
	if value == nil {
		return nil
	}
	switch k := known.(type) {
	case string:
		*seen = append(*seen, path)
		return checkLeaf(path, value, k)
	case []any:
		list, ok := value.([]any)
		if !ok {
			return []error{typeError(path, value, "list")}
		}
		var errs []error
		for i, item := range list {
			errs = append(errs, checkKeys(fmt.Sprintf("%s[%d]", path, i), item, k[0], seen)...)
		}
		return errs
	}
	object, ok := value.(map[string]any)
	if !ok {
		return []error{typeError(path, value, "object")}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		if child, ok := known.(map[string]any)[name]; ok {
			errs = append(errs, checkKeys(at, object[name], child, seen)...)
		} else {
			errs = append(errs, fmt.Errorf("unknown field %q", at))
		}
	}
	return errs
}

func typeError(path string, value any, want string) error {
	return fmt.Errorf("cannot unmarshal %T into field %s of type %s", value, path, want)
}

func checkLeaf(path string, value any, want string) []error {
	ok := true
	switch want {
	case "string":
		_, ok = value.(string)
	case "bool":
		_, ok = value.(bool)
	case "int":
		f, isNumber := value.(float64)
		ok = isNumber && f == float64(int64(f))
	case "map", "strings":
		var items []any
		if object, isObject := value.(map[string]any); want == "map" && isObject {
			items = slices.Collect(maps.Values(object))
		} else if items, ok = value.([]any); want == "map" {
			ok = false
		}
		for _, item := range items {
			if _, isString := item.(string); !isString && item != nil {
				return []error{typeError(path, item, "string (every value must be one)")}
			}
		}
	}
	if !ok {
		return []error{typeError(path, value, want)}
	}
	return nil
}

func isActedOn(path string) bool {
	return slices.ContainsFunc(actedOn, func(known string) bool {
		return path == known || strings.HasPrefix(path, known+".") || strings.HasPrefix(path, known+"[")
	})
}
