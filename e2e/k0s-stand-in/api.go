package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// object is any Kubernetes object.
type object = map[string]any

// api speaks to one API server as the user of a kubeconfig.
type api struct {
	server string
	token  string
	client *http.Client
}

// statusError is an answer of the API server that is not 2xx.
type statusError struct {
	code int
	body string
}

func (e *statusError) Error() string {
	body, _, _ := strings.Cut(e.body, "\n")
	return fmt.Sprintf("HTTP %d: %.300s", e.code, body)
}

func isStatus(err error, code int) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == code
}

func newAPI(k kubeconfig) (*api, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(k.ca) {
		return nil, errors.New("kubeconfig has no usable certificate-authority-data")
	}
	config := &tls.Config{RootCAs: roots}
	if len(k.user.Cert) > 0 {
		pair, err := tls.X509KeyPair(k.user.Cert, k.user.Key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if file := k.user.CertFile; file != "" { // read anew for each connection: the kubelet renews it
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(file, k.user.KeyFile)
			return &pair, err
		}
	}
	client := &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}
	return &api{k.server, k.user.Token, client}, nil
}

func apiFromFile(file string) (*api, error) {
	k, err := readKubeconfig(file)
	if err != nil {
		return nil, err
	}
	return newAPI(k)
}

// raw sends one request and gives back the body of a 2xx answer.
func (a *api) raw(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if a.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.token)
	}
	request.Header.Set("User-Agent", "k0s-stand-in")
	response, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		return nil, &statusError{response.StatusCode, string(text)}
	}
	return text, nil
}

func (a *api) send(ctx context.Context, method, path, contentType string, body, into any) error {
	var text []byte
	var err error
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	answer, err := a.raw(ctx, method, path, contentType, text)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

func (a *api) get(ctx context.Context, path string, into any) error {
	return a.send(ctx, http.MethodGet, path, "", nil, into)
}

func (a *api) create(ctx context.Context, path string, body, into any) error {
	return a.send(ctx, http.MethodPost, path, "application/json", body, into)
}

// apply is a forced server-side apply as k0s.
func (a *api) apply(ctx context.Context, path string, o object) error {
	return a.send(ctx, http.MethodPatch, path+"?fieldManager=k0s&force=true", "application/apply-patch+yaml", o, nil)
}

// until repeats f until it works or ctx ends, and logs each new error once.
func until(ctx context.Context, what string, every time.Duration, f func() error) error {
	var last string
	for {
		err := f()
		if err == nil {
			return nil
		}
		if err.Error() != last {
			logWarn("%s: %v (will be tried again)", what, err)
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, err)
		case <-time.After(every):
		}
	}
}

// every calls f now and then until ctx ends; errors are logged once each.
func every(ctx context.Context, what string, interval time.Duration, f func() error) {
	var last string
	for ctx.Err() == nil {
		if err := f(); err != nil && err.Error() != last && ctx.Err() == nil {
			logWarn("%s: %v", what, err)
			last = err.Error()
		}
		select {
		case <-ctx.Done():
		case <-time.After(interval):
		}
	}
}

func readPool(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", file)
	}
	return roots, nil
}
