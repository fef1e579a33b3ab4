package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// leaseServer has one lease, which changes its resource version with each write.
type leaseServer struct {
	version int
	body    object
}

func (s *leaseServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && s.body == nil:
		http.NotFound(w, r)
		return
	case r.Method == http.MethodPut || r.Method == http.MethodPost:
		text, _ := io.ReadAll(r.Body)
		var body object
		_ = json.Unmarshal(text, &body)
		if given, ok := body["metadata"].(object)["resourceVersion"]; ok && given != fmt.Sprint(s.version) {
			http.Error(w, "it has changed", http.StatusConflict)
			return
		}
		s.version++
		s.body = body
		s.body["metadata"].(object)["resourceVersion"] = fmt.Sprint(s.version)
	}
	_ = json.NewEncoder(w).Encode(s.body)
}

func TestLeaseOfOneWhoWasKilled(t *testing.T) {
	server := httptest.NewServer(&leaseServer{})
	defer server.Close()
	client := &api{server: server.URL, client: server.Client()}
	ctx, now := context.Background(), time.Now()
	killed, successor := newLeader(client, "pod"), newLeader(client, "pod")
	if err := killed.acquire(ctx, now); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, leaseDuration - time.Second} {
		if err := successor.acquire(ctx, now.Add(after)); err == nil || !successor.waits.Load() {
			t.Errorf("after %s it is taken from the one who had it", after)
		}
	}
	if err := successor.acquire(ctx, now.Add(leaseDuration+time.Second)); err != nil || successor.waits.Load() {
		t.Errorf("after its duration: %v", err)
	}
}

func TestLeaseIsGivenBack(t *testing.T) {
	server := httptest.NewServer(&leaseServer{})
	defer server.Close()
	client := &api{server: server.URL, client: server.Client()}
	ctx, stop := context.WithCancel(context.Background())
	newLeader(client, "old").run(ctx, func(ctx context.Context) { stop(); <-ctx.Done() })
	if err := newLeader(client, "new").acquire(context.Background(), time.Now()); err != nil {
		t.Error(err)
	}
}
