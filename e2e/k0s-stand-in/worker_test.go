package main

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func token(t *testing.T, user string) string {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	fmt.Fprintf(w, `apiVersion: v1
kind: Config
current-context: k0s
clusters: [{name: k0s, cluster: {server: "https://10.0.0.1:30443", certificate-authority-data: Y2E=}}]
contexts: [{name: k0s, context: {cluster: k0s, user: %[1]s}}]
users: [{name: %[1]s, user: {token: abcdef.0123456789abcdef}}]
`, user)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(zipped.Bytes())
}

func TestJoinToken(t *testing.T) {
	k, err := decodeWorkerToken(token(t, "kubelet-bootstrap") + "\n")
	if err != nil || k.server != "https://10.0.0.1:30443" || k.user.Token != "abcdef.0123456789abcdef" || string(k.ca) != "ca" {
		t.Errorf("%+v, %v", k, err)
	}
	for name, bad := range map[string][2]string{
		"other role": {token(t, "controller-bootstrap"), "wrong token type controller-bootstrap"},
		"no base64":  {"%%%", "failed to decode token"},
		"no gzip":    {"aGVsbG8=", "failed to decode token"},
	} {
		if _, err := decodeWorkerToken(bad[0]); err == nil || !strings.Contains(err.Error(), bad[1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKubeletArguments(t *testing.T) {
	got := splitFlags("--node-ip=1.2.3.4  --hostname-override=a --bare --hostname-override=b=c")
	if got["hostname-override"] != "b=c" || got["node-ip"] != "1.2.3.4" || got["bare"] != "true" || len(got) != 3 {
		t.Errorf("%v", got)
	}
	if quoted := splitFlags(`"--node-ip=1.2.3.4"`); quoted["node-ip"] != "" {
		t.Errorf("quotes were taken off: %v", quoted)
	}
}

func TestTaints(t *testing.T) {
	for text, ok := range map[string]bool{"a=b:NoSchedule": true, "a:NoExecute": true, "a": true, "a=b:Bogus": false, "a=b=c:NoSchedule": false, ":NoSchedule": false} {
		if _, err := parseTaint(text); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestServingRequests(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	make := func(change func(*x509.CertificateRequest, *csrSpec)) csrSpec {
		request := &x509.CertificateRequest{
			Subject: pkix.Name{CommonName: "system:node:w1", Organization: []string{"system:nodes"}}, DNSNames: []string{"w1"},
		}
		spec := csrSpec{
			Username: "system:node:w1", Groups: []string{"system:nodes", "system:authenticated"}, Usages: []string{"digital signature", "server auth"},
		}
		change(request, &spec)
		der, err := x509.CreateCertificateRequest(rand.Reader, request, key)
		if err != nil {
			t.Fatal(err)
		}
		spec.Request = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
		return spec
	}
	if err := checkServing(make(func(*x509.CertificateRequest, *csrSpec) {})); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*x509.CertificateRequest, *csrSpec){
		"for another node":  func(r *x509.CertificateRequest, _ *csrSpec) { r.Subject.CommonName = "system:node:w2" },
		"not for a node":    func(r *x509.CertificateRequest, s *csrSpec) { r.Subject.CommonName, s.Username = "admin", "admin" },
		"by a bootstrapper": func(_ *x509.CertificateRequest, s *csrSpec) { s.Groups = []string{"system:bootstrappers"} },
		"other group":       func(r *x509.CertificateRequest, _ *csrSpec) { r.Subject.Organization = []string{"system:masters"} },
		"no name":           func(r *x509.CertificateRequest, _ *csrSpec) { r.DNSNames = nil },
		"URI":               func(r *x509.CertificateRequest, _ *csrSpec) { r.URIs = []*url.URL{{Scheme: "spiffe", Host: "a"}} },
		"client usage":      func(_ *x509.CertificateRequest, s *csrSpec) { s.Usages = append(s.Usages, "client auth") },
	} {
		if err := checkServing(make(change)); err == nil {
			t.Errorf("%s: would be approved", name)
		}
	}
}

func TestWorkerConfiguration(t *testing.T) {
	config, _, err := parseConfig([]byte(`
spec:
  konnectivity: {externalAddress: konnectivity.example}
  network: {serviceCIDR: 10.128.0.0/16}
  workerProfiles: [{name: lab, values: {cgroupDriver: cgroupfs, evictionHard: {memory.available: 1Mi}}}]
`), newest)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := workerConfigObjects(config, release{1, 36, 3, 1}, []string{"10.0.0.1:31443"}, true)
	if err != nil {
		t.Fatal(err)
	}
	for profile, want := range map[string][]string{
		"default": {`"clusterDNS":["10.128.0.10"]`, `"serverTLSBootstrap":true`}, "default-windows": {`"cgroupsPerQOS":false`}, "lab": {`"cgroupDriver":"cgroupfs"`},
	} {
		o, ok := objects["/api/v1/namespaces/kube-system/configmaps/worker-config-"+profile+"-1.36"]
		if !ok {
			t.Fatalf("no ConfigMap for %s", profile)
		}
		data := o["data"].(object)
		if data["apiServerAddresses"] != `["10.0.0.1:31443"]` || !strings.Contains(data["konnectivity"].(string), "konnectivity.example") {
			t.Errorf("%s: %v", profile, data)
		}
		for _, w := range want {
			if !strings.Contains(data["kubeletConfiguration"].(string), w) {
				t.Errorf("%s: no %s in %v", profile, w, data["kubeletConfiguration"])
			}
		}
	}
	if _, ok := objects[rbac+"namespaces/kube-system/roles/system:bootstrappers:worker-config-1.36"]; !ok || len(objects) != 5 {
		t.Errorf("objects: %v", objects)
	}
}
