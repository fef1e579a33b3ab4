package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// fakeCluster serves ConfigMaps of kube-system and nothing else; deleting is what a stack must not do.
type fakeCluster struct {
	mu      sync.Mutex
	objects map[string]object // by path
	deleted []string          // path and what was said about dependents
}

func startFakeCluster(t *testing.T) (*fakeCluster, *api) {
	f := &fakeCluster{objects: map[string]object{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, &api{server: server.URL, client: server.Client()}
}

func (f *fakeCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := func(o any) { _ = json.NewEncoder(w).Encode(o) }
	body, _ := io.ReadAll(r.Body)
	const configMaps = "/api/v1/configmaps"
	switch {
	case r.URL.Path == "/apis":
		answer(object{"groups": []object{{"preferredVersion": object{"groupVersion": "broken.example/v1"}}}})
	case r.URL.Path == "/apis/broken.example/v1":
		http.Error(w, "nobody is behind it", http.StatusServiceUnavailable)
	case r.URL.Path == "/api/v1":
		answer(object{"resources": []object{{"name": "configmaps", "kind": "ConfigMap", "namespaced": true, "verbs": []string{"list", "delete"}}}})
	case r.URL.Path == configMaps:
		items := []object{}
		for _, o := range f.objects {
			items = append(items, o)
		}
		answer(object{"items": items})
	case r.Method == http.MethodPatch:
		var o object
		_ = yaml.Unmarshal(body, &o)
		f.objects[r.URL.Path] = o
		answer(o)
	case r.Method == http.MethodDelete:
		f.deleted = append(f.deleted, r.URL.Path+" "+string(body))
		delete(f.objects, r.URL.Path)
		answer(object{})
	default:
		http.NotFound(w, r)
	}
}

func (f *fakeCluster) names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for path := range f.objects {
		names = append(names, filepath.Base(path))
	}
	slices.Sort(names)
	return names
}

func configMap(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: kube-system}\n"
}

func TestStackIsPrunedOfWhatItsFolderLacks(t *testing.T) {
	cluster, client := startFakeCluster(t)
	dir := t.TempDir()
	a := newApplier(client, dir)
	stack := filepath.Join(dir, "coredns")
	if err := os.Mkdir(stack, 0o755); err != nil {
		t.Fatal(err)
	}
	attempt := func() error { return a.attempt(context.Background(), "coredns") }
	writeFile(t, stack, "coredns.yaml", "# a comment\n---\n"+configMap("a")+"---\n"+configMap("b"))
	if err := attempt(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(cluster.names(), " "); got != "a b" {
		t.Fatalf("applied %s", got)
	}

	writeFile(t, stack, "coredns.yaml", "placeholder: to be replaced\n")
	if err := attempt(); err == nil || !strings.Contains(err.Error(), "'apiVersion' is missing") {
		t.Errorf("a document without a kind: %v", err)
	}
	if len(cluster.deleted) > 0 {
		t.Errorf("a stack that cannot be read was pruned of %s", cluster.deleted)
	}

	if err := os.Remove(filepath.Join(stack, "coredns.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := attempt(); err != nil {
		t.Fatal(err)
	}
	if len(cluster.names()) > 0 || len(cluster.deleted) != 2 || !strings.Contains(cluster.deleted[0], `"Foreground"`) {
		t.Errorf("an empty folder leaves %s, deleted %s", cluster.names(), cluster.deleted)
	}
}

func TestApplierFollowsFolders(t *testing.T) {
	cluster, client := startFakeCluster(t)
	dir := t.TempDir()
	a := newApplier(client, dir)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); a.run(ctx) }()
	eventually := func(what string, is func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("never: %s; there is %s", what, cluster.names())
			}
		}
	}
	stack := filepath.Join(dir, "mine")
	if err := os.Mkdir(stack, 0o755); err != nil {
		t.Fatal(err)
	}
	eventually("an empty stack is applied", func() bool { return a.hasTried([]string{"mine"}) })
	writeFile(t, stack, "mine.yaml", configMap("mine"))
	eventually("its file is applied", func() bool { return len(cluster.names()) == 1 })
	if err := os.RemoveAll(stack); err != nil {
		t.Fatal(err)
	}
	eventually("a folder that is gone takes its objects along", func() bool { return len(cluster.names()) == 0 })
	cancel()
	<-ended
}

func TestAddOnsInUse(t *testing.T) {
	for name, c := range map[string]struct {
		spec, disabled, want string
	}{
		"by default":            {"{}", "", "coredns kubeproxy kuberouter konnectivity metricserver"},
		"calico":                {"{network: {provider: calico}}", "", "coredns kubeproxy calico_init calico konnectivity metricserver"},
		"a provider of its own": {"{network: {provider: custom, kubeProxy: {disabled: true}}}", "", "coredns konnectivity metricserver"},
		"metrics scraper":       {"{}", "", "coredns kubeproxy kuberouter konnectivity metricserver metrics"},
		"disabled":              {"{}", "coredns,kube-proxy,network-provider,konnectivity-server,metrics-server", ""},
	} {
		config, _, err := parseConfig([]byte("spec: "+strings.Replace(c.spec, "{", "{storage: {type: kine}, ", 1)), newest)
		if err != nil {
			t.Fatal(err)
		}
		flags := &controllerFlags{disabled: strings.Split(c.disabled, ","), metricsScraper: name == "metrics scraper"}
		var got []string
		for _, a := range addOns {
			if a.isInUse(config, flags) {
				got = append(got, a.stack)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestAnotherNetworkProvider(t *testing.T) {
	dir := t.TempDir()
	c := &cluster{controller: &controller{paths: paths{manifests: dir}, flags: &controllerFlags{}}}
	for _, a := range addOns {
		if a.provider == "" {
			continue
		}
		if err := c.otherProvider(a); (err != nil) != (a.provider == "calico") {
			t.Errorf("%s: %v", a.stack, err)
		}
		if a.provider == "kuberouter" {
			if err := c.writeAddOn(a); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAddOnReplacesWhatHasItsName(t *testing.T) {
	dir := t.TempDir()
	c := &cluster{controller: &controller{paths: paths{manifests: dir}, flags: &controllerFlags{}}}
	if err := c.makeEmptyStacks(); err != nil {
		t.Fatal(err)
	}
	for _, a := range addOns {
		if (a.isEarly && a.component != "") != exists(filepath.Join(dir, a.stack)) {
			t.Errorf("folder of %s at start: %t", a.stack, !a.isEarly)
		}
		if err := os.MkdirAll(filepath.Join(dir, a.stack), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, a.stack), a.files[len(a.files)-1], "placeholder: x\n")
		if err := c.writeAddOn(a); err != nil {
			t.Fatal(err)
		}
		objects, err := objectsIn(filepath.Join(dir, a.stack))
		if err != nil || len(objects) != len(a.files) {
			t.Errorf("%s: %v, %v", a.stack, objects, err)
		}
	}
}
