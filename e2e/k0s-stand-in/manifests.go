package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"sigs.k8s.io/yaml"
)

const stackLabel = "k0s.k0sproject.io/stack"

// stacks puts the objects of a stack into the cluster and deletes what carries its label and is not among them.
type stacks struct {
	api       *api
	mu        sync.Mutex // one stack at a time
	resources map[string][]resource
	stackOf   map[string]string // of every object that has the label, by its path
	learnt    time.Time         // when both were
}

type resource struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Namespaced bool     `json:"namespaced"`
	Verbs      []string `json:"verbs"`
}

func newStacks(a *api) *stacks { return &stacks{api: a} }

var documentEnd = regexp.MustCompile(`(?m)^---.*$`)

// objectsIn reads every object of a folder's files; one document that is no object spoils all of them.
func objectsIn(dir string) ([]object, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var objects []object
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, document := range documentEnd.Split(string(text), -1) {
			found, err := objectsOf(document)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			objects = append(objects, found...)
		}
	}
	return objects, nil
}

// objectsOf gives the one object of a document, the items of a list, or nothing where there is only a comment.
func objectsOf(document string) ([]object, error) {
	var o object
	if err := yaml.Unmarshal([]byte(document), &o); err != nil || len(o) == 0 {
		return nil, err
	}
	for _, key := range []string{"apiVersion", "kind"} {
		if text, ok := o[key].(string); !ok || text == "" {
			return nil, fmt.Errorf("'%s' is missing", key)
		}
	}
	items, isList := o["items"].([]any)
	if !isList {
		return []object{o}, nil
	}
	var objects []object
	for _, item := range items {
		objects = append(objects, item.(object))
	}
	return objects, nil
}

// knownFor is how long the cluster is not looked at anew: the stacks of a start come together, and each look is a list of
// every resource there is.
const knownFor = 5 * time.Second

func (s *stacks) apply(ctx context.Context, stack string, objects []object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	early := func(o object) bool { return o["kind"] == "Namespace" || o["kind"] == "CustomResourceDefinition" }
	slices.SortStableFunc(objects, func(a, b object) int {
		switch {
		case early(a) && !early(b):
			return -1
		case early(b) && !early(a):
			return 1
		}
		return 0
	})
	if time.Since(s.learnt) > knownFor {
		if err := s.look(ctx); err != nil {
			return err
		}
	}
	kept := map[string]bool{}
	for _, o := range objects {
		at, err := s.pathOf(ctx, o)
		if err != nil {
			return err
		}
		kept[at] = true
		mergeInto(o, object{"metadata": object{"labels": object{stackLabel: stack}}})
		if err := s.api.apply(ctx, at, o); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		s.stackOf[at] = stack
	}
	return s.prune(ctx, stack, kept)
}

// look learns the resources and what of them has the label.
func (s *stacks) look(ctx context.Context) error {
	if err := s.discover(ctx); err != nil {
		return err
	}
	s.stackOf = map[string]string{}
	for version, resources := range s.resources {
		for _, r := range resources {
			if slices.Contains(r.Verbs, "list") && slices.Contains(r.Verbs, "delete") {
				if err := s.lookAt(ctx, version, r); err != nil {
					return err
				}
			}
		}
	}
	s.learnt = time.Now()
	return nil
}

// lookAt leaves out what others made for an object of a stack: they copy its labels.
func (s *stacks) lookAt(ctx context.Context, version string, r resource) error {
	var list struct {
		Items []object `json:"items"`
	}
	if err := s.api.get(ctx, versionPath(version)+"/"+r.Name+"?labelSelector="+url.QueryEscape(stackLabel), &list); err != nil {
		return err
	}
	for _, o := range list.Items {
		o["apiVersion"], o["kind"] = version, r.Kind
		at, err := s.pathOf(ctx, o)
		if err != nil {
			return err
		}
		meta := o["metadata"].(object)
		if meta["ownerReferences"] == nil {
			s.stackOf[at] = meta["labels"].(object)[stackLabel].(string)
		}
	}
	return nil
}

// discover learns the resources of every group version.
func (s *stacks) discover(ctx context.Context) error {
	var groups struct {
		Groups []struct {
			PreferredVersion struct {
				GroupVersion string `json:"groupVersion"`
			} `json:"preferredVersion"`
		} `json:"groups"`
	}
	if err := s.api.get(ctx, "/apis", &groups); err != nil {
		return err
	}
	s.resources = map[string][]resource{}
	versions := []string{"v1"}
	for _, g := range groups.Groups {
		versions = append(versions, g.PreferredVersion.GroupVersion)
	}
	for _, v := range versions {
		// an aggregated API may have nobody behind it: its objects are of no stack then
		if err := s.discoverVersion(ctx, v); err != nil && !isStatus(err, 503) {
			return err
		}
	}
	return nil
}

func (s *stacks) discoverVersion(ctx context.Context, version string) error {
	var list struct {
		Resources []resource `json:"resources"`
	}
	err := s.api.get(ctx, versionPath(version), &list)
	s.resources[version] = slices.DeleteFunc(list.Resources, func(r resource) bool { return strings.Contains(r.Name, "/") })
	return err
}

func versionPath(version string) string {
	if strings.Contains(version, "/") {
		return "/apis/" + version
	}
	return "/api/" + version
}

func (s *stacks) pathOf(ctx context.Context, o object) (string, error) {
	version, _ := o["apiVersion"].(string)
	meta, _ := o["metadata"].(object)
	name, _ := meta["name"].(string)
	for range 2 {
		for _, r := range s.resources[version] {
			if r.Kind != o["kind"] {
				continue
			}
			at := versionPath(version)
			if r.Namespaced {
				namespace, _ := meta["namespace"].(string)
				defaultTo(&namespace, "default")
				at += "/namespaces/" + namespace
			}
			return at + "/" + r.Name + "/" + url.PathEscape(name), nil
		}
		if err := s.discoverVersion(ctx, version); err != nil { // of a CRD that came with this very stack
			return "", err
		}
	}
	return "", fmt.Errorf("no resource for kind %v of %s", o["kind"], version)
}

// prune deletes what carries the stack's label and is not in it any more.
func (s *stacks) prune(ctx context.Context, stack string, kept map[string]bool) error {
	for at, of := range s.stackOf {
		if of != stack || kept[at] {
			continue
		}
		logInfo("deleting %s, which is not in stack %s any more", at, stack)
		options := object{"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Foreground"}
		if err := s.api.send(ctx, http.MethodDelete, at, "application/json", options, nil); err != nil && !isStatus(err, 404) {
			return err
		}
		delete(s.stackOf, at)
	}
	return nil
}
