package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"
)

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer, life time.Duration) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-5 * time.Minute)
	template.NotAfter = template.NotBefore.Add(life)
	return x509.CreateCertificate(rand.Reader, template, parent, public, key)
}

func loadAuthority(certFile, keyFile string) (authority, error) {
	text, err := os.ReadFile(certFile)
	if err != nil {
		return authority{}, err
	}
	cert, err := parseCert(text)
	if err != nil {
		return authority{}, fmt.Errorf("%s: %w", certFile, err)
	}
	keyText, err := os.ReadFile(keyFile)
	if err != nil {
		return authority{}, err
	}
	key, err := parseKey(keyText)
	if err != nil {
		return authority{}, fmt.Errorf("%s: %w", keyFile, err)
	}
	return authority{cert, key, text}, nil
}

func parseCert(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM certificate")
	}
	return x509.ParseCertificate(block.Bytes)
}

// parseKey takes RSA and EC keys in PKCS#1, SEC1 and PKCS#8 form.
func parseKey(text []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "RSA PRIVATE KEY":
			return x509.ParsePKCS1PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			return x509.ParseECPrivateKey(block.Bytes)
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if signer, ok := key.(crypto.Signer); ok {
				return signer, err
			}
			return nil, fmt.Errorf("unusable private key: %w", err)
		}
	}
	return nil, errors.New("no PEM private key")
}

func encodeRSA(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

func encodeCert(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
