package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"time"
)

// agentAfter is how long after its node is Ready a konnectivity agent connects: with k0s it is a pod, which takes 5 to 25 s.
const agentAfter = 5 * time.Second

// agentConfig is what a worker's profile says about konnectivity.
type agentConfig struct {
	Enabled         bool   `json:"enabled"`
	AgentPort       int    `json:"agentPort"`
	ExternalAddress string `json:"externalAddress"`
}

// server is where agents connect: the address of its own if there is one, else the API server's host.
func (a agentConfig) server(apiServers []string) (string, error) {
	address := a.ExternalAddress
	if address == "" && len(apiServers) > 0 {
		host, _, err := net.SplitHostPort(apiServers[0])
		if err != nil {
			return "", err
		}
		address = host
	}
	if address == "" {
		return "", errors.New("the worker profile names no API server")
	}
	host, port := splitHostPort(address, a.AgentPort)
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// keepAgent is connected to the konnectivity server whenever that can be reached, from when the node is Ready.
func (w *worker) keepAgent(ctx context.Context, client *api, p profile) {
	if !p.konnectivity.Enabled {
		return
	}
	server, err := p.konnectivity.server(p.apiServers)
	if err != nil {
		logWarn("konnectivity agent: %v", err)
		return
	}
	if until(ctx, "konnectivity agent", time.Second, func() error { return w.nodeIsReady(ctx, client) }) != nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(agentAfter):
	}
	every(ctx, "konnectivity agent", time.Second, func() error { return w.connectAgent(ctx, server) })
}

func (w *worker) nodeIsReady(ctx context.Context, client *api) error {
	var node struct {
		Status struct {
			Conditions []struct{ Type, Status string }
		}
	}
	if err := client.get(ctx, "/api/v1/nodes/"+w.node, &node); err != nil {
		return err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == "Ready" && condition.Status == "True" {
			return nil
		}
	}
	return fmt.Errorf("node %s is not Ready yet", w.node)
}

// connectAgent returns when the connection has ended.
func (w *worker) connectAgent(ctx context.Context, server string) error {
	k, err := readKubeconfig(w.config)
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(k.user.CertFile, k.user.KeyFile)
	if err != nil {
		return err
	}
	roots, err := readPool(filepath.Join(w.paths.pki, "ca.crt"))
	if err != nil {
		return err
	}
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}}}
	connection, err := dialer.DialContext(ctx, "tcp", server)
	if err != nil {
		return err
	}
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	logInfo("konnectivity agent connected to %s", server)
	_, err = io.Copy(io.Discard, connection)
	return err
}
