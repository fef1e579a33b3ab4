package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

// status is what the running process tells about itself. It says that k0s lives, not that the API server does.
type status struct {
	Version    string   `json:"Version"`
	PID        int      `json:"Pid"`
	Role       string   `json:"Role"`
	Workloads  bool     `json:"Workloads"`
	SingleNode bool     `json:"SingleNode"`
	Args       []string `json:"Args"`
}

func statusOf(role string) status {
	return status{Version: version, PID: os.Getpid(), Role: role, Workloads: role == "worker", Args: os.Args}
}

// serveStatus answers on the status socket until the returned function is called.
func serveStatus(socket string, s status) (func(), error) {
	_ = os.Remove(socket) // of a process that was killed
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/status", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s) })
	mux.HandleFunc("/components", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "{}") })
	server := &http.Server{Handler: mux}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logWarn("status socket: %v", err)
		}
	}()
	return func() { server.Close() }, nil
}

func readStatus(ctx context.Context, socket string) (status, error) {
	var s status
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/status", nil)
	if err != nil {
		return s, err
	}
	response, err := client.Do(request)
	if err != nil {
		return s, fmt.Errorf("status: can't get \"status\" via %q: %w", socket, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}
