package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bootstrapNode makes the node's kubeconfig by a certificate request that the join token is good for. A worker that
// has its kubeconfig does not look at the token any more.
func bootstrapNode(ctx context.Context, w *worker, certDir string) error {
	if exists(w.config) {
		return nil
	}
	token := w.flags.token
	if w.flags.tokenFile != "" {
		text, err := os.ReadFile(w.flags.tokenFile)
		if err != nil {
			return fmt.Errorf("failed to read token file: %w", err)
		}
		token = string(text)
	}
	if strings.TrimSpace(token) == "" {
		return errors.New("this node has no kubeconfig yet, and no join token was given")
	}
	join, err := decodeWorkerToken(token)
	if err != nil {
		return err
	}
	client, err := newAPI(join)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.paths.pki, "ca.crt"), join.ca, 0o644); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert, err := requestNodeCertificate(ctx, client, w.node, key)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(certDir, 0o700); err != nil {
		return err
	}
	// One file with both, under the name that the kubelet itself uses: it renews it in place.
	pair := filepath.Join(certDir, "kubelet-client-current.pem")
	first := filepath.Join(certDir, "kubelet-client-"+time.Now().Format("2006-01-02-15-04-05")+".pem")
	text := append(cert, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...)
	if err := os.WriteFile(first, text, 0o600); err != nil {
		return err
	}
	_ = os.Remove(pair)
	if err := os.Symlink(first, pair); err != nil {
		return err
	}
	node := kubeconfig{server: join.server, ca: join.ca, user: kubeconfigUser{CertFile: pair, KeyFile: pair}}
	return os.WriteFile(w.config, node.encode(), 0o600)
}

func requestNodeCertificate(ctx context.Context, client *api, node string, key *ecdsa.PrivateKey) ([]byte, error) {
	subject := pkix.Name{CommonName: "system:node:" + node, Organization: []string{"system:nodes"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
	if err != nil {
		return nil, err
	}
	csr := signingRequest{
		APIVersion: "certificates.k8s.io/v1", Kind: "CertificateSigningRequest", Metadata: object{"generateName": "node-csr-"},
		Spec: csrSpec{
			Request:    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}),
			SignerName: "kubernetes.io/kube-apiserver-client-kubelet", Usages: []string{"digital signature", "client auth"},
		},
	}
	var created signingRequest
	// Ten attempts, then the service manager starts the whole worker again.
	delay := 500 * time.Millisecond
	for attempt := 1; ; attempt++ {
		if err = client.create(ctx, csrPath, csr, &created); err == nil {
			break
		}
		logWarn("failed to bootstrap kubelet client configuration (attempt #%d): %v", attempt, err)
		if attempt == 10 {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(delay):
			delay *= 2
		}
	}
	name, _ := created.Metadata["name"].(string)
	logInfo("sent certificate signing request %s, waiting for the certificate", name)
	var cert []byte
	err = until(ctx, "certificate of node "+node, 250*time.Millisecond, func() error {
		var now signingRequest
		if err := client.get(ctx, csrPath+"/"+name, &now); err != nil {
			return err
		}
		if cert = now.Status.Certificate; len(cert) == 0 {
			return errors.New("not issued yet")
		}
		return nil
	})
	return cert, err
}
