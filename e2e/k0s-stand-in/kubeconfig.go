package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// kubeconfig is what the stand-in reads from and writes into such a file: the current context's cluster and user.
type kubeconfig struct {
	server   string
	ca       []byte
	userName string
	user     kubeconfigUser
}

type kubeconfigUser struct {
	Token    string `json:"token,omitempty"`
	Cert     []byte `json:"client-certificate-data,omitempty"`
	Key      []byte `json:"client-key-data,omitempty"`
	CertFile string `json:"client-certificate,omitempty"`
	KeyFile  string `json:"client-key,omitempty"`
}

type kubeconfigCluster struct {
	Server string `json:"server"`
	CA     []byte `json:"certificate-authority-data,omitempty"`
}

type kubeconfigContext struct {
	Cluster string `json:"cluster"`
	User    string `json:"user"`
}

type kubeconfigFile struct {
	APIVersion     string         `json:"apiVersion"`
	Kind           string         `json:"kind"`
	CurrentContext string         `json:"current-context"`
	Clusters       []namedCluster `json:"clusters"`
	Contexts       []namedContext `json:"contexts"`
	Users          []namedUser    `json:"users"`
}

type namedCluster struct {
	Name    string            `json:"name"`
	Cluster kubeconfigCluster `json:"cluster"`
}

type namedContext struct {
	Name    string            `json:"name"`
	Context kubeconfigContext `json:"context"`
}

type namedUser struct {
	Name string         `json:"name"`
	User kubeconfigUser `json:"user"`
}

// encode writes the file under the names that k0s uses in the ones it makes.
func (k kubeconfig) encode() []byte {
	text, err := yaml.Marshal(kubeconfigFile{
		APIVersion: "v1", Kind: "Config", CurrentContext: "Default",
		Clusters: []namedCluster{{"local", kubeconfigCluster{k.server, k.ca}}},
		Contexts: []namedContext{{"Default", kubeconfigContext{"local", "user"}}},
		Users:    []namedUser{{"user", k.user}},
	})
	if err != nil {
		panic(err)
	}
	return text
}

func parseKubeconfig(text []byte) (kubeconfig, error) {
	var f kubeconfigFile
	var k kubeconfig
	if err := yaml.Unmarshal(text, &f); err != nil {
		return k, err
	}
	for _, context := range f.Contexts {
		if context.Name != f.CurrentContext {
			continue
		}
		for _, c := range f.Clusters {
			if c.Name == context.Context.Cluster {
				k.server, k.ca = c.Cluster.Server, c.Cluster.CA
			}
		}
		for _, u := range f.Users {
			if u.Name == context.Context.User {
				k.userName, k.user = u.Name, u.User
			}
		}
	}
	if k.server == "" || k.userName == "" {
		return k, errors.New("kubeconfig names no cluster and user in its current context")
	}
	return k, nil
}

func readKubeconfig(file string) (kubeconfig, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return kubeconfig{}, err
	}
	return parseKubeconfig(text)
}

// decodeWorkerToken reads a join token: base64 of a gzipped kubeconfig, whose user name tells the role it is for.
func decodeWorkerToken(token string) (kubeconfig, error) {
	zipped, err := base64.StdEncoding.DecodeString(strings.TrimSpace(token))
	if err != nil {
		return kubeconfig{}, fmt.Errorf("failed to decode token: %w", err)
	}
	reader, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return kubeconfig{}, fmt.Errorf("failed to decode token: %w", err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		return kubeconfig{}, fmt.Errorf("failed to decode token: %w", err)
	}
	k, err := parseKubeconfig(text)
	if err != nil {
		return k, fmt.Errorf("failed to parse kubeconfig from join token: %w", err)
	}
	if k.userName != "kubelet-bootstrap" {
		return k, fmt.Errorf("wrong token type %s, expected type: kubelet-bootstrap", k.userName)
	}
	return k, nil
}
