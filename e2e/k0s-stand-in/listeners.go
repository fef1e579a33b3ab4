package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
)

// startKonnectivity listens where the konnectivity server would: agents can connect, and nothing goes through. The
// API server dials kubelets itself.
func (c *controller) startKonnectivity() error {
	pair, err := tls.LoadX509KeyPair(filepath.Join(c.paths.pki, "server.crt"), filepath.Join(c.paths.pki, "server.key"))
	if err != nil {
		return err
	}
	address := ":" + strconv.Itoa(c.config.Spec.Konnectivity.AgentPort)
	agents, err := tls.Listen("tcp", address, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}})
	if err != nil {
		return fmt.Errorf("konnectivity: %w", err)
	}
	c.atStop(func() { agents.Close() })
	go func() {
		for {
			connection, err := agents.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				_, _ = connection.Read(make([]byte, 1)) // the handshake, then silence until the agent leaves
			}()
		}
	}()
	health := &http.Server{Addr: "localhost:8092", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })}
	c.serve("konnectivity health", health, func() error { return health.ListenAndServe() })
	return nil
}

// startControlAPI listens where controllers would join; the stand-in lets nobody in.
func (c *controller) startControlAPI() error {
	join := &http.Server{
		Addr: ":" + strconv.Itoa(c.config.Spec.API.K0sAPIPort),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			code := http.StatusNotFound
			if strings.HasPrefix(r.URL.Path, "/v1beta1/") {
				code = http.StatusUnauthorized
			}
			http.Error(w, http.StatusText(code), code)
		}),
	}
	file := func(name string) string { return filepath.Join(c.paths.pki, name) }
	c.serve("k0s-api", join, func() error { return join.ListenAndServeTLS(file("k0s-api.crt"), file("k0s-api.key")) })
	return nil
}

func (c *controller) serve(name string, server *http.Server, listen func() error) {
	c.atStop(func() { server.Close() })
	go func() {
		if err := listen(); !errors.Is(err, http.ErrServerClosed) {
			logWarn("%s: %v", name, err)
		}
	}()
}
