package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"sigs.k8s.io/yaml"
)

// konnectivity takes the place of the konnectivity server. The API server's connections into the cluster (logs, exec,
// aggregated APIs) go through it, and only while an agent is connected; they are dialled from here, not by the agent.
type konnectivity struct {
	agents atomic.Int32
}

// startKonnectivity listens for agents, for the API server, and for whoever asks for health.
func (c *controller) startKonnectivity() error {
	k := &konnectivity{}
	agents, err := c.listenForAgents()
	if err != nil {
		return fmt.Errorf("konnectivity: %w", err)
	}
	c.atStop(func() { agents.Close() })
	go k.admitAgents(agents)
	tunnel, err := c.listenForAPIServer()
	if err != nil {
		return fmt.Errorf("konnectivity: %w", err)
	}
	c.serve("konnectivity tunnel", &http.Server{Handler: http.HandlerFunc(k.tunnel)}, tunnel)
	health, err := net.Listen("tcp", "localhost:8092")
	if err != nil {
		return fmt.Errorf("konnectivity: %w", err)
	}
	c.serve("konnectivity health", &http.Server{Handler: http.HandlerFunc(k.health)}, health)
	return nil
}

// listenForAgents asks for a certificate and lets everybody in who has none, as with k0s: who is an agent is said later.
func (c *controller) listenForAgents() (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(c.paths.pki, "server.crt"), filepath.Join(c.paths.pki, "server.key"))
	if err != nil {
		return nil, err
	}
	roots, err := readPool(filepath.Join(c.paths.pki, "ca.crt"))
	if err != nil {
		return nil, err
	}
	// A node that loses its power says nothing any more.
	listen := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}}
	plain, err := listen.Listen(context.Background(), "tcp", ":"+strconv.Itoa(c.config.Spec.Konnectivity.AgentPort))
	if err != nil {
		return nil, err
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: roots, NextProtos: []string{"h2"}}
	return tls.NewListener(plain, config), nil
}

func (k *konnectivity) admitAgents(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go k.admit(connection.(*tls.Conn))
	}
}

// admit counts who has a certificate of the cluster's as an agent until it leaves.
func (k *konnectivity) admit(connection *tls.Conn) {
	defer connection.Close()
	if err := connection.Handshake(); err != nil {
		return
	}
	if chain := connection.ConnectionState().PeerCertificates; len(chain) > 0 {
		logInfo("konnectivity: agent of %s connected", chain[0].Subject.CommonName)
		k.agents.Add(1)
		defer k.agents.Add(-1)
	}
	_, _ = connection.Read(make([]byte, 1))
}

func (c *controller) konnectivitySocket() string {
	return filepath.Join(c.paths.run, "konnectivity-server", "konnectivity-server.sock")
}

func (c *controller) listenForAPIServer() (net.Listener, error) {
	socket := c.konnectivitySocket()
	if err := initDir(filepath.Dir(socket), 0o755); err != nil {
		return nil, err
	}
	_ = os.Remove(socket) // of a process that was killed
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	return listener, c.users.chown(socket, apiServerUser)
}

// writeEgressConfig tells the API server to go through the socket, and gives the file's path.
func (c *controller) writeEgressConfig() (string, error) {
	file := filepath.Join(c.paths.data, "konnectivity.conf")
	text, err := yaml.Marshal(object{
		"apiVersion": "apiserver.k8s.io/v1beta1", "kind": "EgressSelectorConfiguration",
		"egressSelections": []object{{"name": "cluster", "connection": object{
			"proxyProtocol": "HTTPConnect", "transport": object{"uds": object{"udsName": c.konnectivitySocket()}},
		}}},
	})
	if err != nil {
		return "", err
	}
	return file, errors.Join(os.WriteFile(file, text, 0o644), c.users.chown(file, apiServerUser))
}

// tunnel answers CONNECT as the API server reads it: the status line is what people see.
func (k *konnectivity) tunnel(w http.ResponseWriter, r *http.Request) {
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer near.Close()
	if k.agents.Load() == 0 {
		fmt.Fprint(near, "HTTP/1.1 503 No agent available\r\n\r\n")
		return
	}
	far, err := net.DialTimeout("tcp", r.Host, 10*time.Second)
	if err != nil {
		fmt.Fprintf(near, "HTTP/1.1 502 %v\r\n\r\n", err)
		return
	}
	defer far.Close()
	fmt.Fprint(near, "HTTP/1.1 200 Connection established\r\n\r\n")
	join(near, far)
}

// join ends when either side does.
func join(a, b net.Conn) {
	ended := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{a, b}, {b, a}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			ended <- struct{}{}
		}()
	}
	<-ended
}

// health is what k0s waits for before it starts the API server; ready is it only with an agent.
func (k *konnectivity) health(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/readyz" && k.agents.Load() == 0 {
		http.Error(w, "no agent", http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, "ok")
}
