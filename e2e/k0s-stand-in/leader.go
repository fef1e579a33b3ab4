package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	leaderLease   = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/k0s-endpoint-reconciler"
	leaseDuration = 60 * time.Second
	leaseRetry    = 5 * time.Second
)

// leader has one of several controllers do what only one may do. Who was killed has not given its lease back: its
// successor waits until the lease has not been renewed for its whole duration.
type leader struct {
	api      *api
	identity string
	leads    atomic.Bool
	waits    atomic.Bool // for somebody else's lease
	seen     string      // the resource version that was seen last
	since    time.Time
}

func newLeader(a *api, hostname string) *leader {
	return &leader{api: a, identity: hostname + "-" + rand.Text()}
}

type lease struct {
	Metadata struct {
		ResourceVersion string `json:"resourceVersion,omitempty"`
	} `json:"metadata"`
	Spec struct {
		HolderIdentity string `json:"holderIdentity"`
	} `json:"spec"`
}

// run calls lead with a context that ends when the lease is lost, as often as it is won, and gives it back with ctx's end.
func (l *leader) run(ctx context.Context, lead func(context.Context)) {
	for ctx.Err() == nil {
		if until(ctx, "leader election", leaseRetry, func() error { return l.acquire(ctx, time.Now()) }) != nil {
			return
		}
		logInfo("%s leads", l.identity)
		leading, lose := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() { defer close(ended); lead(leading) }()
		l.leads.Store(true)
		l.keep(leading)
		l.leads.Store(false)
		lose()
		<-ended
	}
	l.release(context.WithoutCancel(ctx))
}

// acquire fails while somebody else has the lease.
func (l *leader) acquire(ctx context.Context, now time.Time) error {
	var found lease
	err := l.api.get(ctx, leaderLease, &found)
	if isStatus(err, 404) {
		return l.write(ctx, "", l.identity)
	}
	if err != nil {
		return err
	}
	if found.Metadata.ResourceVersion != l.seen {
		l.seen, l.since = found.Metadata.ResourceVersion, now
	}
	holder := found.Spec.HolderIdentity
	if holder != "" && holder != l.identity && now.Sub(l.since) < leaseDuration {
		l.waits.Store(true)
		return fmt.Errorf("%s has the lease", holder)
	}
	l.waits.Store(false)
	return l.write(ctx, found.Metadata.ResourceVersion, l.identity)
}

// keep renews the lease and returns when ctx ends, or when somebody else has it.
func (l *leader) keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(leaseRetry):
		}
		var found lease
		if err := l.api.get(ctx, leaderLease, &found); err != nil {
			continue // an API server that does not answer elects nobody else
		}
		if found.Spec.HolderIdentity != l.identity {
			logWarn("the lease is lost to %s", found.Spec.HolderIdentity)
			return
		}
		if err := l.write(ctx, found.Metadata.ResourceVersion, l.identity); err != nil && ctx.Err() == nil {
			logWarn("renewing the lease: %v", err)
		}
	}
}

func (l *leader) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var found lease
	if err := l.api.get(ctx, leaderLease, &found); err != nil || found.Spec.HolderIdentity != l.identity {
		return
	}
	if err := l.write(ctx, found.Metadata.ResourceVersion, ""); err != nil {
		logWarn("giving the lease back: %v", err)
	}
}

// write is refused if the lease has changed since that resource version; without one it must not be there.
func (l *leader) write(ctx context.Context, resourceVersion, holder string) error {
	body := object{
		"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
		"metadata": object{"name": "k0s-endpoint-reconciler", "namespace": "kube-node-lease"},
		"spec":     object{"holderIdentity": holder, "leaseDurationSeconds": int(leaseDuration.Seconds()), "renewTime": microTime(time.Now())},
	}
	if resourceVersion == "" {
		return l.api.create(ctx, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", body, nil)
	}
	body["metadata"].(object)["resourceVersion"] = resourceVersion
	return l.api.send(ctx, "PUT", leaderLease, "application/json", body, nil)
}

func microTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
