package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func writeFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func readFile(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// givenCA writes what the product would mount: an EC CA with a name of its own.
func givenCA(t *testing.T, dir, name, cn string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: cn}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := sign(template, template, key.Public(), key, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, name+".crt", string(encodeCert(der)))
	writeFile(t, dir, name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})))
}

func prepared(t *testing.T, dir string, b behaviour) {
	t.Helper()
	p := &pki{dir: dir, b: b, users: newComponentUsers(), server: "https://localhost:7443"}
	if err := p.prepare(leaves([]string{"localhost", "127.0.0.1"}, false)); err != nil {
		t.Fatal(err)
	}
}

func TestGivenCAIsKeptAndLeavesAreIssuedAnew(t *testing.T) {
	dir := t.TempDir()
	givenCA(t, dir, "ca", "kubernetes")
	givenCA(t, dir, "front-proxy-ca", "kubernetes")
	ca := readFile(t, dir, "ca.crt")
	prepared(t, dir, newest)
	server, sa := readFile(t, dir, "server.crt"), readFile(t, dir, "sa.key")
	prepared(t, dir, newest)
	if !bytes.Equal(ca, readFile(t, dir, "ca.crt")) || !bytes.Equal(sa, readFile(t, dir, "sa.key")) {
		t.Error("the CA or the service account key changed")
	}
	if bytes.Equal(server, readFile(t, dir, "server.crt")) {
		t.Error("server.crt was not issued anew")
	}
	k, err := readKubeconfig(filepath.Join(dir, "admin.conf"))
	if err != nil || k.server != "https://localhost:7443" || !bytes.Equal(k.ca, ca) {
		t.Errorf("admin.conf: %+v, %v", k, err)
	}
}

func TestLeavesOfAnOldRelease(t *testing.T) {
	for cn, renewed := range map[string]bool{"kubernetes": false, "kubernetes-ca": true} {
		dir := t.TempDir()
		givenCA(t, dir, "ca", cn)
		givenCA(t, dir, "front-proxy-ca", cn)
		prepared(t, dir, behaviour{})
		server := readFile(t, dir, "server.crt")
		prepared(t, dir, behaviour{})
		if bytes.Equal(server, readFile(t, dir, "server.crt")) == renewed {
			t.Errorf("CA named %s: issued anew = %t, want %t", cn, !renewed, renewed)
		}
		if err := os.Remove(filepath.Join(dir, "server.key")); err != nil {
			t.Fatal(err)
		}
		prepared(t, dir, behaviour{})
		if bytes.Equal(server, readFile(t, dir, "server.crt")) {
			t.Errorf("CA named %s: a leaf without key was kept", cn)
		}
	}
}

func TestCAWithoutKeyIsSilentlyReplaced(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ca", "front-proxy-ca"} {
		givenCA(t, dir, name, "kubernetes")
		before := readFile(t, dir, name+".crt")
		if err := os.Remove(filepath.Join(dir, name+".key")); err != nil {
			t.Fatal(err)
		}
		prepared(t, dir, newest)
		if bytes.Equal(before, readFile(t, dir, name+".crt")) {
			t.Errorf("%s.crt was kept", name)
		}
	}
	pub := readFile(t, dir, "sa.pub")
	if err := os.Remove(filepath.Join(dir, "sa.key")); err != nil {
		t.Fatal(err)
	}
	prepared(t, dir, newest)
	if bytes.Equal(pub, readFile(t, dir, "sa.pub")) {
		t.Error("sa.pub was kept although sa.key was missing")
	}
}

func TestServerNames(t *testing.T) {
	c, _, err := parseConfig([]byte("spec: {api: {address: 192.0.2.7, externalAddress: '[2001:db8::1]:443', sans: [a.example]}, network: {serviceCIDR: 10.128.0.0/16}}"), newest)
	if err != nil {
		t.Fatal(err)
	}
	hosts, err := serverHosts(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"kubernetes", "kubernetes.default.svc.cluster.local", "kubernetes.default.svc.cluster.local.", "localhost", "127.0.0.1", "::1",
		"192.0.2.7", "2001:db8::1", "a.example", "10.128.0.1",
	} {
		if !slices.Contains(hosts, want) {
			t.Errorf("no %s among %v", want, hosts)
		}
	}
}
