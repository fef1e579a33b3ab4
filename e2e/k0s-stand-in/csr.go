package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const csrPath = "/apis/certificates.k8s.io/v1/certificatesigningrequests"

type signingRequest struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Metadata   object    `json:"metadata"`
	Spec       csrSpec   `json:"spec"`
	Status     csrStatus `json:"status,omitzero"`
}

type csrSpec struct {
	Request           []byte              `json:"request"`
	SignerName        string              `json:"signerName"`
	ExpirationSeconds *int                `json:"expirationSeconds,omitempty"`
	Usages            []string            `json:"usages"`
	Username          string              `json:"username,omitempty"`
	UID               string              `json:"uid,omitempty"`
	Groups            []string            `json:"groups,omitempty"`
	Extra             map[string][]string `json:"extra,omitempty"`
}

type csrStatus struct {
	Certificate []byte         `json:"certificate,omitempty"`
	Conditions  []csrCondition `json:"conditions,omitempty"`
}

type csrCondition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message,omitempty"`
}

// checkServing says why a request is not one of a node for its own serving certificate.
func checkServing(spec csrSpec) error {
	block, _ := pem.Decode(spec.Request)
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		return errors.New("no PEM certificate request")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return err
	}
	usages := slices.DeleteFunc(slices.Clone(spec.Usages), func(u string) bool { return u == "key encipherment" })
	slices.Sort(usages)
	switch {
	case !slices.Equal(request.Subject.Organization, []string{"system:nodes"}):
		return fmt.Errorf("organization is %v", request.Subject.Organization)
	case len(request.DNSNames)+len(request.IPAddresses) == 0:
		return errors.New("no DNS name and no IP address")
	case len(request.EmailAddresses)+len(request.URIs) > 0:
		return errors.New("has email addresses or URIs")
	case !slices.Equal(usages, []string{"digital signature", "server auth"}):
		return fmt.Errorf("usages are %v", spec.Usages)
	case !strings.HasPrefix(request.Subject.CommonName, "system:node:"):
		return fmt.Errorf("common name is %q", request.Subject.CommonName)
	case spec.Username != request.Subject.CommonName || !slices.Contains(spec.Groups, "system:nodes"):
		return fmt.Errorf("%q asks for %q", spec.Username, request.Subject.CommonName)
	}
	return nil
}

// approveServing approves what nodes ask for; what does not pass is left pending, as k0s leaves it.
func (c *cluster) approveServing(ctx context.Context) error {
	var list struct {
		Items []signingRequest `json:"items"`
	}
	if err := c.api.get(ctx, csrPath+"?fieldSelector=spec.signerName%3Dkubernetes.io%2Fkubelet-serving", &list); err != nil {
		return err
	}
	for _, csr := range list.Items {
		if len(csr.Status.Conditions) > 0 {
			continue
		}
		name := csr.Metadata["name"].(string)
		if err := checkServing(csr.Spec); err != nil {
			return fmt.Errorf("not approving %s: %w", name, err)
		}
		if err := c.mayRequest(ctx, csr.Spec); err != nil {
			return fmt.Errorf("not approving %s: %w", name, err)
		}
		csr.APIVersion, csr.Kind = "certificates.k8s.io/v1", "CertificateSigningRequest"
		csr.Status.Conditions = []csrCondition{{
			Type: "Approved", Status: "True", Reason: "Autoapproved by the k0s stand-in",
			Message: "The node asked for its own serving certificate and may do so.",
		}}
		if err := c.api.send(ctx, http.MethodPut, csrPath+"/"+name+"/approval", "application/json", csr, nil); err != nil {
			return err
		}
		logInfo("approved serving certificate %s of %s", name, csr.Spec.Username)
	}
	return nil
}

func (c *cluster) mayRequest(ctx context.Context, spec csrSpec) error {
	var review struct {
		Status struct {
			Allowed bool `json:"allowed"`
		} `json:"status"`
	}
	err := c.api.create(ctx, "/apis/authorization.k8s.io/v1/subjectaccessreviews", object{
		"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
		"spec": object{
			"user": spec.Username, "uid": spec.UID, "groups": spec.Groups, "extra": spec.Extra,
			"resourceAttributes": object{"group": "certificates.k8s.io", "resource": "certificatesigningrequests", "verb": "create"},
		},
	}, &review)
	if err == nil && !review.Status.Allowed {
		err = fmt.Errorf("%s may not create certificate signing requests", spec.Username)
	}
	return err
}
