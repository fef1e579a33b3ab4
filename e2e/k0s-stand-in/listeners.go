package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
)

// startControlAPI listens where controllers would join; the stand-in lets nobody in.
func (c *controller) startControlAPI() error {
	pair, err := tls.LoadX509KeyPair(filepath.Join(c.paths.pki, "k0s-api.crt"), filepath.Join(c.paths.pki, "k0s-api.key"))
	if err != nil {
		return err
	}
	address := ":" + strconv.Itoa(c.config.Spec.API.K0sAPIPort)
	listener, err := tls.Listen("tcp", address, &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		return err
	}
	c.serve("k0s-api", &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			code := http.StatusNotFound
			if strings.HasPrefix(r.URL.Path, "/v1beta1/") {
				code = http.StatusUnauthorized
			}
			http.Error(w, http.StatusText(code), code)
		}),
	}, listener)
	return nil
}

func (c *controller) serve(name string, server *http.Server, listener net.Listener) {
	c.atStop(func() { server.Close() })
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logWarn("%s: %v", name, err)
		}
	}()
}
