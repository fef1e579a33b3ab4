package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// clusterConfig holds the part of a ClusterConfig that the stand-in acts on; config-keys.yaml has all that k0s knows.
type clusterConfig struct {
	Spec struct {
		API struct {
			Address           string            `json:"address"`
			ExternalAddress   string            `json:"externalAddress"`
			ExtraArgs         map[string]string `json:"extraArgs"`
			K0sAPIPort        int               `json:"k0sApiPort"`
			OnlyBindToAddress bool              `json:"onlyBindToAddress"`
			Port              int               `json:"port"`
			RawArgs           []string          `json:"rawArgs"`
			SANs              []string          `json:"sans"`
		} `json:"api"`
		ControllerManager extraArgs     `json:"controllerManager"`
		Scheduler         extraArgs     `json:"scheduler"`
		FeatureGates      []featureGate `json:"featureGates"`
		Images            struct {
			Pause image `json:"pause"`
		} `json:"images"`
		Konnectivity struct {
			AdminPort       int    `json:"adminPort"`
			AgentPort       int    `json:"agentPort"`
			ExternalAddress string `json:"externalAddress"`
		} `json:"konnectivity"`
		Network struct {
			ClusterDomain string `json:"clusterDomain"`
			DualStack     struct {
				Enabled     bool   `json:"enabled"`
				PodCIDR     string `json:"IPv6podCIDR"`
				ServiceCIDR string `json:"IPv6serviceCIDR"`
			} `json:"dualStack"`
			KubeProxy struct {
				Disabled bool `json:"disabled"`
			} `json:"kubeProxy"`
			NodeLocalLoadBalancing struct {
				Enabled bool `json:"enabled"`
			} `json:"nodeLocalLoadBalancing"`
			PodCIDR              string `json:"podCIDR"`
			PrimaryAddressFamily string `json:"primaryAddressFamily"`
			Provider             string `json:"provider"`
			ServiceCIDR          string `json:"serviceCIDR"`
		} `json:"network"`
		Storage struct {
			Etcd struct {
				ExternalCluster *externalEtcd `json:"externalCluster"`
			} `json:"etcd"`
			Kine struct {
				DataSource string `json:"dataSource"`
			} `json:"kine"`
			Type string `json:"type"`
		} `json:"storage"`
		WorkerProfiles []workerProfile `json:"workerProfiles"`
	} `json:"spec"`
}

type extraArgs struct {
	ExtraArgs map[string]string `json:"extraArgs"`
	RawArgs   []string          `json:"rawArgs"`
}

type featureGate struct {
	Components []string `json:"components"`
	Enabled    bool     `json:"enabled"`
	Name       string   `json:"name"`
}

type image struct {
	Image   string `json:"image"`
	Version string `json:"version"`
}

type externalEtcd struct {
	CAFile         string   `json:"caFile"`
	ClientCertFile string   `json:"clientCertFile"`
	ClientKeyFile  string   `json:"clientKeyFile"`
	Endpoints      []string `json:"endpoints"`
	EtcdPrefix     string   `json:"etcdPrefix"`
}

type workerProfile struct {
	Name   string         `json:"name"`
	Values map[string]any `json:"values"`
}

// parseConfig decodes a config file as strictly as k0s does and fills in k0s's defaults.
func parseConfig(text []byte, b behaviour) (*clusterConfig, []string, error) {
	c := &clusterConfig{}
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, nil, err
	}
	var tree any
	if err := json.Unmarshal(asJSON, &tree); err != nil {
		return nil, nil, err
	}
	var seen []string
	if errs := checkKeys("", tree, configKeys(b), &seen); len(errs) > 0 {
		return nil, nil, fmt.Errorf("error unmarshaling JSON: %w", errors.Join(errs...))
	}
	if err := json.Unmarshal(asJSON, c); err != nil {
		return nil, nil, err
	}
	if object, ok := tree.(map[string]any); ok {
		if v, ok := object["apiVersion"]; ok && v != "k0s.k0sproject.io/v1beta1" {
			return nil, nil, fmt.Errorf("apiVersion %q is not k0s.k0sproject.io/v1beta1", v)
		}
		if k, ok := object["kind"]; ok && k != "ClusterConfig" {
			return nil, nil, fmt.Errorf("kind %q is not ClusterConfig", k)
		}
	}
	c.setDefaults()
	return c, slices.DeleteFunc(seen, isActedOn), c.validate(b)
}

func (c *clusterConfig) setDefaults() {
	s := &c.Spec
	defaultTo(&s.API.Address, firstAddress())
	defaultTo(&s.API.K0sAPIPort, 9443)
	defaultTo(&s.API.Port, 6443)
	defaultTo(&s.Konnectivity.AdminPort, 8133)
	defaultTo(&s.Konnectivity.AgentPort, 8132)
	defaultTo(&s.Images.Pause, image{"localhost/pause", "1"})
	defaultTo(&s.Network.ClusterDomain, "cluster.local")
	defaultTo(&s.Network.PodCIDR, "10.244.0.0/16")
	defaultTo(&s.Network.Provider, "kuberouter")
	defaultTo(&s.Network.ServiceCIDR, "10.96.0.0/12")
	defaultTo(&s.Storage.Type, "etcd")
}

func defaultTo[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// firstAddress is the first address of this machine that others can reach.
func firstAddress() string {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if ip := a.(*net.IPNet).IP; ip.IsGlobalUnicast() && ip.To4() != nil {
			return ip.String()
		}
	}
	return "127.0.0.1"
}

// joinable says whether more than one controller can share the storage.
func (c *clusterConfig) joinable() bool { return c.Spec.Storage.Type == "etcd" }

const defaultConfigFile = "/etc/k0s/k0s.yaml"

// loadConfig reads the named file, "-" for stdin; without a name the default file if there is one.
func loadConfig(file string, b behaviour) (*clusterConfig, []byte, error) {
	var text []byte
	var err error
	switch file {
	case "":
		if text, err = os.ReadFile(defaultConfigFile); errors.Is(err, os.ErrNotExist) {
			text, err = []byte("{}"), nil
		}
	case "-":
		text, err = os.ReadFile("/dev/stdin")
	default:
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("failed to load node config: %w", err)
	}
	c, unused, err := parseConfig(text, b)
	if err != nil {
		return nil, nil, fmt.Errorf("invalid node config: %w", err)
	}
	if len(unused) > 0 {
		logInfo("keys that k0s acts on and the stand-in does not: %s", strings.Join(unused, ", "))
	}
	return c, text, nil
}
