package main

import "testing"

// What is known of k0s releases, one line per release that the stand-in may play.
func TestReleases(t *testing.T) {
	for label, want := range map[string]behaviour{
		"v1.33.5+k0s.0":  {},
		"v1.33.6+k0s.0":  {externalAddressPort: true},
		"v1.34.0+k0s.0":  {},
		"v1.34.1+k0s.0":  {externalAddressPort: true},
		"v1.34.10+k0s.0": {externalAddressPort: true},
		"v1.35.1+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true},
		"v1.35.7+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true},
		"v1.34.11+k0s.0": {externalAddressPort: true},
		"v1.34.12+k0s.0": {externalAddressPort: true, anonymousLeftOut: true},
		"v1.35.8+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true, anonymousLeftOut: true},
		"v1.36.0+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true},
		"v1.36.3+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true},
		"v1.36.3+k0s.1":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true, anonymousLeftOut: true},
		"v1.36.4+k0s.0":  {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true, anonymousLeftOut: true},
		"v1.37.0+k0s.10": {externalAddressPort: true, konnectivityExternalAddress: true, reissuesForeignCA: true, anonymousLeftOut: true},
	} {
		r, err := parseRelease(label)
		if err != nil || r.behaviour() != want {
			t.Errorf("%s: %+v (%v), want %+v", label, r.behaviour(), err, want)
		}
	}
	for _, label := range []string{"", "v1.36.3", "1.36.3+k0s.1", "v1.36.3-k0s.1", "v1.36.3+k0s.x"} {
		if _, err := parseRelease(label); err == nil {
			t.Errorf("%q was taken for a release", label)
		}
	}
}
