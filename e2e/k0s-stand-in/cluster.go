package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"slices"
	"time"
)

// workerConfigAfter is how long after the API server k0s's own worker configuration appears.
const workerConfigAfter = 10 * time.Second

// cluster is what k0s does inside the cluster once its API server answers. Of several controllers one applies manifests
// and worker configuration; the rest are idempotent applies, which all may do at once.
type cluster struct {
	*controller
	api              *api
	effective        *clusterConfig // the file's config, with dynamic config what ClusterConfig kube-system/k0s says
	managerArgs      []string
	manager          *child
	schedulerArgs    []string
	scheduler        *child
	workerConfigured string
	applier          *applier
	leader           *leader // nil where there can be only one controller
}

func newCluster(c *controller, admin *api) *cluster {
	return &cluster{controller: c, api: admin, effective: c.config, applier: newApplier(admin, c.paths.manifests)}
}

// run ends with ctx.
func (c *cluster) run(ctx context.Context) error {
	hostname, err := os.Hostname()
	if err != nil {
		return err
	}
	c.startApplier(ctx, hostname)
	if err := c.makeEmptyStacks(); err != nil {
		return err
	}
	if c.flags.enabled("system-rbac") {
		if err := until(ctx, "system RBAC", 250*time.Millisecond, func() error { return c.applyAll(ctx, systemRBAC()) }); err != nil {
			return err
		}
	}
	loop := func(what string, interval time.Duration, f func() error) { go every(ctx, what, interval, f) }
	if c.joinable() {
		loop("controller lease", 20*time.Second, func() error { return c.renewLease(ctx, hostname) })
	}
	if c.config.Spec.API.ExternalAddress != "" && c.flags.enabled("endpoint-reconciler") {
		loop("endpoint of the API server", 10*time.Second, func() error { return c.applyEndpoint(ctx) })
	}
	if c.flags.enabled("csr-approver") {
		loop("serving certificates of kubelets", 2*time.Second, func() error { return c.approveServing(ctx) })
	}
	if err := c.startProcesses(ctx); err != nil {
		return err
	}
	go c.deployAddOns(ctx)
	changes := make(chan *clusterConfig)
	if c.flags.dynamicConfig {
		loop("dynamic config", 2*time.Second, newDynamicConfig(c).reconcile(ctx, changes))
	}
	for workerConfig := time.NewTimer(time.Until(c.readyAt.Add(workerConfigAfter))); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case c.effective = <-changes:
			if err := c.reconcileProcesses(); err != nil {
				logWarn("dynamic config: %v", err)
			}
			workerConfig.Reset(0)
		case <-workerConfig.C:
			if c.flags.enabled("worker-config") && c.leads() {
				if err := c.applyWorkerConfig(ctx); err != nil {
					logWarn("worker configuration: %v", err)
				}
			}
			workerConfig.Reset(2 * time.Second)
		}
	}
}

func (c *cluster) joinable() bool { return c.config.joinable() }

// leads tells whether this controller is the one of several that may do what only one may.
func (c *cluster) leads() bool { return c.leader == nil || c.leader.leads.Load() }

// startApplier has it run while this controller leads.
func (c *cluster) startApplier(ctx context.Context, hostname string) {
	apply := func(ctx context.Context) {
		if c.flags.enabled("applier-manager") {
			c.applier.run(ctx)
		}
		<-ctx.Done()
	}
	if !c.joinable() {
		go apply(ctx)
		return
	}
	c.leader = newLeader(c.api, hostname)
	ended := make(chan struct{})
	go func() { defer close(ended); c.leader.run(ctx, apply) }()
	c.atStop(func() { <-ended }) // it gives the lease back while the API server still runs
}

// stagingTakes is the least that k0s needs to get the two programs out of its executable, which it does while it serves.
const stagingTakes = 2 * time.Second

func (c *cluster) startProcesses(ctx context.Context) error {
	if err := stage(c.paths.bin, "kube-controller-manager", "kube-scheduler"); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(c.readyAt.Add(stagingTakes))):
	}
	return c.reconcileProcesses()
}

// reconcileProcesses starts kube-controller-manager and kube-scheduler, or starts them anew with other arguments.
func (c *cluster) reconcileProcesses() error {
	start := func(name, user string, current **child, currentArgs *[]string, args []string) error {
		if !c.flags.enabled(name) || (*current != nil && slices.Equal(*currentArgs, args)) {
			return nil
		}
		next := component(c.paths, c.users, name, user, 10*time.Second, args)
		if old := *current; old != nil {
			old.stop()
		} else {
			c.atStop(func() { (*current).stop() })
		}
		*current, *currentArgs = next, args
		return next.start()
	}
	args := controllerManagerArgs(c.effective, c.paths, c.flags.managerExtraArgs)
	if err := start("kube-controller-manager", apiServerUser, &c.manager, &c.managerArgs, args); err != nil {
		return err
	}
	return start("kube-scheduler", schedulerUser, &c.scheduler, &c.schedulerArgs, schedulerArgs(c.effective, c.paths))
}

// applyAll applies objects under the API paths of their collections.
func (c *cluster) applyAll(ctx context.Context, objects map[string]object) error {
	for at, o := range objects {
		if err := c.api.apply(ctx, at, o); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

const rbac = "/apis/rbac.authorization.k8s.io/v1/"

func group(name string) object {
	return object{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": name}
}

// systemRBAC is what lets kubelets bootstrap and renew their certificates. The last binding is the stand-in's own: its
// worker runs kube-proxy as the node, where k0s deploys a DaemonSet.
func systemRBAC() map[string]object {
	objects := map[string]object{}
	for name, b := range map[string][2]string{
		"kubelet-bootstrap":                          {"system:node-bootstrapper", "system:bootstrappers"},
		"node-autoapprove-bootstrap":                 {"system:certificates.k8s.io:certificatesigningrequests:nodeclient", "system:bootstrappers"},
		"node-autoapprove-certificate-rotation":      {"system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", "system:nodes"},
		"k0s-stand-in-kube-proxy-with-the-nodes-own": {"system:node-proxier", "system:nodes"},
	} {
		objects[rbac+"clusterrolebindings/"+name] = object{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": object{"name": name},
			"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": b[0]},
			"subjects": []object{group(b[1])},
		}
	}
	return objects
}

func (c *cluster) renewLease(ctx context.Context, hostname string) error {
	name := "k0s-ctrl-" + hostname
	return c.api.apply(ctx, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/"+name, object{
		"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": object{"name": name, "namespace": "kube-node-lease"},
		"spec": object{
			"holderIdentity": hostname, "leaseDurationSeconds": 60,
			"renewTime": microTime(time.Now()),
		},
	})
}

// applyEndpoint publishes the external address as the endpoint of Service default/kubernetes. A name that does not
// resolve in here leaves it without one, and then there is no worker configuration either.
func (c *cluster) applyEndpoint(ctx context.Context) error {
	host, port := splitHostPort(c.config.Spec.API.ExternalAddress, c.config.Spec.API.Port)
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	family := primaryFamily(c.config)
	addresses := []string{}
	for _, ip := range ips {
		if ip = ip.Unmap(); (family == "IPv6") == ip.Is6() {
			addresses = append(addresses, ip.String())
		}
	}
	slices.Sort(addresses)
	asObjects := []object{}
	for _, a := range addresses {
		asObjects = append(asObjects, object{"ip": a})
	}
	if len(addresses) == 0 {
		return fmt.Errorf("%s has no %s address", host, family)
	}
	ports := []object{{"name": "https", "port": port, "protocol": "TCP"}}
	meta := func(labels object) object {
		return object{"name": "kubernetes", "namespace": "default", "labels": labels}
	}
	return c.applyAll(ctx, map[string]object{
		"/api/v1/namespaces/default/endpoints/kubernetes": {
			"apiVersion": "v1", "kind": "Endpoints", "metadata": meta(object{"endpointslice.kubernetes.io/skip-mirror": "true"}),
			"subsets": []object{{"addresses": asObjects, "ports": ports}},
		},
		"/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes": {
			"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": meta(object{"kubernetes.io/service-name": "kubernetes"}),
			"addressType": family, "ports": ports,
			"endpoints": []object{{"addresses": addresses, "conditions": object{"ready": true}}},
		},
	})
}
