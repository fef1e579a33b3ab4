package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

func (c *controller) startStorage(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if c.config.joinable() {
		e := c.config.Spec.Storage.Etcd.ExternalCluster
		client, err := etcdClient(e)
		if err != nil {
			return fmt.Errorf("external etcd: %w", err)
		}
		return until(waiting, "waiting for external etcd", 250*time.Millisecond, func() error { return etcdHealth(waiting, client, e) })
	}
	source := kineSource(c.config, c.paths)
	for _, dir := range []string{filepath.Dir(c.paths.kineSocket), filepath.Join(c.paths.data, "db")} {
		if err := initDir(dir, 0o755); err != nil {
			return err
		}
		if err := c.users.chown(dir, apiServerUser); err != nil {
			return err
		}
	}
	args := []string{"--endpoint=" + source, "--listen-address=unix://" + c.paths.kineSocket, "--metrics-bind-address=:2380"}
	if err := c.startChild(component(c.paths, c.users, "kine", apiServerUser, 10*time.Second, args)); err != nil {
		return err
	}
	return until(waiting, "waiting for kine", 100*time.Millisecond, func() error {
		connection, err := net.Dial("unix", c.paths.kineSocket)
		if err == nil {
			connection.Close()
		}
		return err
	})
}

func etcdClient(e *externalEtcd) (*http.Client, error) {
	transport := &http.Transport{}
	if e.CAFile != "" {
		pair, err := tls.LoadX509KeyPair(e.ClientCertFile, e.ClientKeyFile)
		if err != nil {
			return nil, err
		}
		roots, err := readPool(e.CAFile)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}
	}
	return &http.Client{Timeout: 5 * time.Second, Transport: transport}, nil
}

func etcdHealth(ctx context.Context, client *http.Client, e *externalEtcd) error {
	var errs []error
	for _, endpoint := range e.Endpoints {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(endpoint, "/")+"/health", nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s: HTTP %d", endpoint, response.StatusCode))
	}
	return errors.Join(errs...)
}
