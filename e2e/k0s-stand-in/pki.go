package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// k0sCANames are the names that k0s gives to the CAs it makes itself.
var k0sCANames = []string{"kubernetes-ca", "kubernetes-front-proxy-ca", "etcd-ca"}

type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
	pem  []byte
}

type leaf struct {
	name, cn, o string
	ca          string // file name of the CA
	owner       string // component user that gets the files
	kubeconfig  string // file written with it, if any
	hosts       []string
}

type pki struct {
	dir    string
	b      behaviour
	users  componentUsers
	server string // of the kubeconfigs
	cas    map[string]authority
}

func leaves(hosts []string, konnectivity bool) []leaf {
	list := []leaf{
		{name: "server", cn: "kubernetes", o: "kubernetes", ca: "ca", owner: apiServerUser, hosts: hosts},
		{name: "k0s-api", cn: "k0s-api", o: "kubernetes", ca: "ca", owner: apiServerUser, hosts: hosts},
		{name: "admin", cn: "kubernetes-admin", o: "system:masters", ca: "ca", owner: "root", kubeconfig: "admin.conf"},
		{name: "apiserver-kubelet-client", cn: "apiserver-kubelet-client", o: "system:masters", ca: "ca", owner: apiServerUser},
		{name: "ccm", cn: "system:kube-controller-manager", o: "system:kube-controller-manager", ca: "ca", owner: apiServerUser, kubeconfig: "ccm.conf"},
		{name: "scheduler", cn: "system:kube-scheduler", o: "system:kube-scheduler", ca: "ca", owner: schedulerUser, kubeconfig: "scheduler.conf"},
		{name: "front-proxy-client", cn: "front-proxy-client", o: "front-proxy-client", ca: "front-proxy-ca", owner: apiServerUser},
	}
	if konnectivity {
		list = append(list, leaf{name: "konnectivity", cn: "kubernetes-konnectivity", o: "system:masters", ca: "ca", owner: konnectivityUser, kubeconfig: "konnectivity.conf"})
	}
	return list
}

// prepare makes what is missing and issues the leaves, several at a time: an RSA key takes its time.
func (p *pki) prepare(list []leaf) error {
	p.cas = map[string]authority{}
	for name, cn := range map[string]string{"ca": "kubernetes-ca", "front-proxy-ca": "kubernetes-front-proxy-ca"} {
		if err := p.ensureCA(name, cn); err != nil {
			return fmt.Errorf("failed to ensure CA %s: %w", name, err)
		}
	}
	errs := make([]error, len(list)+1)
	var wg sync.WaitGroup
	for i, l := range list {
		wg.Go(func() { errs[i] = p.ensureLeaf(l) })
	}
	wg.Go(func() { errs[len(list)] = p.ensureServiceAccountKey() })
	wg.Wait()
	return errors.Join(errs...)
}

// ensureCA keeps a CA only if both its files are there. k0s silently makes a new one otherwise, and so do we.
func (p *pki) ensureCA(name, cn string) error {
	certFile, keyFile := filepath.Join(p.dir, name+".crt"), filepath.Join(p.dir, name+".key")
	if !exists(certFile) || !exists(keyFile) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return err
		}
		template := &x509.Certificate{
			Subject: pkix.Name{CommonName: cn}, IsCA: true, BasicConstraintsValid: true,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
		der, err := sign(template, template, key.Public(), key, 87600*time.Hour)
		if err != nil {
			return err
		}
		if err := p.write(keyFile, encodeRSA(key), 0o640, ""); err != nil {
			return err
		}
		if err := p.write(certFile, encodeCert(der), 0o644, ""); err != nil {
			return err
		}
	}
	ca, err := loadAuthority(certFile, keyFile)
	p.cas[name] = ca
	return err
}

func (p *pki) ensureServiceAccountKey() error {
	keyFile, pubFile := filepath.Join(p.dir, "sa.key"), filepath.Join(p.dir, "sa.pub")
	if exists(keyFile) && exists(pubFile) {
		if err := os.Chmod(keyFile, 0o640); err != nil {
			return err
		}
		if err := p.users.chown(keyFile, apiServerUser); err != nil && os.Geteuid() == 0 {
			return err
		}
		return nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return errors.Join(
		p.write(keyFile, encodeRSA(key), 0o640, apiServerUser),
		p.write(pubFile, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o644, apiServerUser))
}

func (p *pki) ensureLeaf(l leaf) error {
	ca := p.cas[l.ca]
	certFile, keyFile := filepath.Join(p.dir, l.name+".crt"), filepath.Join(p.dir, l.name+".key")
	if p.isDue(certFile, keyFile, ca) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return err
		}
		template := &x509.Certificate{
			Subject:     pkix.Name{CommonName: l.cn, Organization: []string{l.o}},
			KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		}
		for _, host := range l.hosts {
			if ip := net.ParseIP(host); ip != nil {
				template.IPAddresses = append(template.IPAddresses, ip)
			} else {
				template.DNSNames = append(template.DNSNames, host)
			}
		}
		der, err := sign(template, ca.cert, key.Public(), ca.key, 8760*time.Hour)
		if err != nil {
			return fmt.Errorf("failed to issue %s: %w", l.name, err)
		}
		if err := p.write(keyFile, encodeRSA(key), 0o640, l.owner); err != nil {
			return err
		}
		if err := p.write(certFile, encodeCert(der), 0o644, l.owner); err != nil {
			return err
		}
	}
	if l.kubeconfig == "" {
		return nil
	}
	cert, certErr := os.ReadFile(certFile)
	key, keyErr := os.ReadFile(keyFile)
	if err := errors.Join(certErr, keyErr); err != nil {
		return err
	}
	text := kubeconfig{server: p.server, ca: ca.pem, user: kubeconfigUser{Cert: cert, Key: key}}.encode()
	return p.write(filepath.Join(p.dir, l.kubeconfig), text, 0o600, l.owner)
}

// isDue tells a leaf to issue anew: k0s takes over what its own CA issued and leaves a user's own certificates alone.
func (p *pki) isDue(certFile, keyFile string, ca authority) bool {
	text, err := os.ReadFile(certFile)
	if err != nil || !exists(keyFile) {
		return true
	}
	cert, err := parseCert(text)
	if err != nil {
		return true
	}
	issuer := cert.Issuer.CommonName
	return slices.Contains(k0sCANames, issuer) || (p.b.reissuesForeignCA && issuer == ca.cert.Subject.CommonName)
}

// write replaces a file in one step, its owner set before it has its name. Without root k0s gives up at the first
// kubeconfig that it cannot give away, and so do we.
func (p *pki) write(file string, text []byte, mode os.FileMode, owner string) error {
	temp := filepath.Join(filepath.Dir(file), fmt.Sprintf(".%s.%d.tmp", filepath.Base(file), os.Getpid()))
	defer os.Remove(temp)
	if err := os.WriteFile(temp, text, mode); err != nil {
		return err
	}
	if err := os.Chmod(temp, mode); err != nil {
		return err
	}
	if owner != "" {
		err := p.users.chown(temp, owner)
		if err != nil && (os.Geteuid() == 0 || filepath.Ext(file) == ".conf") {
			return err
		}
	}
	return os.Rename(temp, file)
}

// serverHosts are the names and addresses of the server and k0s-api certificates.
func serverHosts(c *clusterConfig) ([]string, error) {
	n, a := c.Spec.Network, c.Spec.API
	full := "kubernetes.default.svc." + n.ClusterDomain
	hosts := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", full, full + ".", "localhost", "127.0.0.1", "::1"}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		hosts = append(hosts, address.(*net.IPNet).IP.String())
	}
	hosts = append(hosts, a.Address)
	if a.ExternalAddress != "" {
		host, _ := splitHostPort(a.ExternalAddress, 0)
		hosts = append(hosts, host)
	}
	hosts = append(hosts, a.SANs...)
	for _, cidr := range serviceCIDRs(c) {
		prefix, err := netip.ParsePrefix(cidr)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, prefix.Masked().Addr().Next().String())
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), nil
}
