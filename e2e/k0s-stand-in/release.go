package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// release is a k0s version as numbers: major, minor, patch and the build after "+k0s.".
type release [4]int

var releasePattern = regexp.MustCompile(`^v(\d+)\.(\d+)\.(\d+)\+k0s\.(\d+)$`)

func parseRelease(label string) (release, error) {
	var r release
	m := releasePattern.FindStringSubmatch(label)
	if m == nil {
		return r, fmt.Errorf("version label %q is not of the form v1.2.3+k0s.0", label)
	}
	for i := range r {
		r[i], _ = strconv.Atoi(m[i+1])
	}
	return r, nil
}

func (r release) atLeast(o release) bool {
	for i := range r {
		if r[i] != o[i] {
			return r[i] > o[i]
		}
	}
	return true
}

// minor is how k0s names what belongs to a Kubernetes minor, such as a worker's ConfigMap.
func (r release) minor() string { return fmt.Sprintf("%d.%d", r[0], r[1]) }

// behaviour is what differs between the k0s releases that the stand-in can play.
type behaviour struct {
	externalAddressPort         bool // api.externalAddress may be host:port
	konnectivityExternalAddress bool // konnectivity.externalAddress is told to agents
	anonymousLeftOut            bool // --anonymous-auth is left out if the AuthenticationConfiguration has "anonymous"
	reissuesForeignCA           bool // leaves are issued anew at each start whatever the CA is called
}

func (r release) behaviour() behaviour {
	return behaviour{
		externalAddressPort:         r.atLeast(release{1, 34, 1, 0}) || (r[1] == 33 && r.atLeast(release{1, 33, 6, 0})),
		konnectivityExternalAddress: r.atLeast(release{1, 35, 1, 0}),
		anonymousLeftOut:            r.leavesAnonymousOut(),
		reissuesForeignCA:           r.atLeast(release{1, 35, 1, 0}),
	}
}

// leavesAnonymousOut: older minors have it from the patch release on that came next after it was merged into them.
func (r release) leavesAnonymousOut() bool {
	switch r[1] {
	case 34:
		return r.atLeast(release{1, 34, 12, 0})
	case 35:
		return r.atLeast(release{1, 35, 8, 0})
	}
	return r.atLeast(release{1, 36, 3, 1})
}
