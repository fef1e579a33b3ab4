package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestTunnelNeedsAnAgent(t *testing.T) {
	k := &konnectivity{}
	proxy := httptest.NewServer(http.HandlerFunc(k.tunnel))
	defer proxy.Close()
	kubelet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "logs") }))
	defer kubelet.Close()
	ask := func() (string, string) {
		connection, err := net.Dial("tcp", proxy.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		host := kubelet.Listener.Addr().String()
		io.WriteString(connection, "CONNECT "+host+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
		reader := bufio.NewReader(connection)
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusOK {
			return answer.Status, ""
		}
		io.WriteString(connection, "GET / HTTP/1.0\r\n\r\n")
		text, _ := io.ReadAll(reader)
		return answer.Status, string(text)
	}
	if status, _ := ask(); status != "503 No agent available" {
		t.Errorf("without an agent: %s", status)
	}
	k.agents.Add(1)
	if status, text := ask(); status != "200 Connection established" || !strings.HasSuffix(text, "logs") {
		t.Errorf("with one: %s, %s", status, text)
	}
	kubelet.Close()
	if status, _ := ask(); !strings.HasPrefix(status, "502 ") {
		t.Errorf("nobody there: %s", status)
	}
}

func TestAgentServer(t *testing.T) {
	for want, c := range map[string]agentConfig{
		"10.0.0.1:8132":    {AgentPort: 8132},
		"k.example:8132":   {AgentPort: 8132, ExternalAddress: "k.example"},
		"k.example:443":    {AgentPort: 8132, ExternalAddress: "k.example:443"},
		"[2001:db8::1]:81": {AgentPort: 81, ExternalAddress: "2001:db8::1"},
	} {
		if got, err := c.server([]string{"10.0.0.1:6443"}); err != nil || got != want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
	if _, err := (agentConfig{AgentPort: 1}).server(nil); err == nil {
		t.Error("an agent without any address")
	}
}

func TestYoungControllerStopsSlowly(t *testing.T) {
	usual, without := &controllerFlags{}, &controllerFlags{disabled: []string{"autopilot"}}
	for name, c := range map[string]struct {
		flags *controllerFlags
		ready time.Duration
		slow  bool
	}{"young": {usual, time.Second, true}, "grown": {usual, 5 * time.Second, false}, "no autopilot": {without, time.Second, false}} {
		if got := stopDelay(c.flags, c.ready); (got > 0) != c.slow {
			t.Errorf("%s: %s", name, got)
		}
	}
}
