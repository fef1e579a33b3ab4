package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

const stackLabel = "k0s.k0sproject.io/stack"

// stacks applies what lies in the folders below manifests/, one stack per folder, and deletes what vanished from them.
type stacks struct {
	api       *api
	dir       string
	applied   map[string]string // stack to the text that was applied last
	resources map[string][]resource
}

type resource struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Namespaced bool     `json:"namespaced"`
	Verbs      []string `json:"verbs"`
}

func newStacks(a *api, dir string) *stacks {
	return &stacks{api: a, dir: dir, applied: map[string]string{}}
}

func (s *stacks) reconcile(ctx context.Context) func() error {
	return func() error {
		entries, err := os.ReadDir(s.dir)
		if err != nil {
			return err
		}
		texts := map[string]string{}
		for name := range s.applied {
			texts[name] = "" // a folder that vanished is an empty stack
		}
		for _, entry := range entries {
			files, err := filepath.Glob(filepath.Join(s.dir, entry.Name(), "*.yaml"))
			if err != nil || len(files) == 0 {
				continue
			}
			var all []string
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				all = append(all, string(text))
			}
			texts[entry.Name()] = strings.Join(all, "\n---\n")
		}
		var errs []error
		for name, text := range texts {
			if old, ok := s.applied[name]; ok && old == text {
				continue
			}
			if err := s.applyStack(ctx, name, text); err != nil {
				errs = append(errs, fmt.Errorf("stack %s: %w", name, err))
				continue
			}
			s.applied[name] = text
			logInfo("applied stack %s", name)
		}
		return errors.Join(errs...)
	}
}

var documentEnd = regexp.MustCompile(`(?m)^---.*$`)

func (s *stacks) applyStack(ctx context.Context, stack, text string) error {
	var objects []object
	for _, document := range documentEnd.Split(text, -1) {
		var o object
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			return err
		}
		if items, ok := o["items"].([]any); ok {
			for _, item := range items {
				objects = append(objects, item.(object))
			}
		} else if len(o) > 0 {
			objects = append(objects, o)
		}
	}
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
	if err := s.discover(ctx); err != nil {
		return err
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
	}
	return s.prune(ctx, stack, kept)
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
		if err := s.discoverVersion(ctx, v); err != nil {
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
	for version, resources := range s.resources {
		for _, r := range resources {
			if !slices.Contains(r.Verbs, "list") || !slices.Contains(r.Verbs, "delete") {
				continue
			}
			var list struct {
				Items []object `json:"items"`
			}
			query := "?labelSelector=" + url.QueryEscape(stackLabel+"="+stack)
			if err := s.api.get(ctx, versionPath(version)+"/"+r.Name+query, &list); err != nil {
				return err
			}
			for _, o := range list.Items {
				o["apiVersion"], o["kind"] = version, r.Kind
				at, err := s.pathOf(ctx, o)
				if err != nil || kept[at] || o["metadata"].(object)["ownerReferences"] != nil {
					continue
				}
				logInfo("deleting %s, which is not in stack %s any more", at, stack)
				if err := s.api.send(ctx, http.MethodDelete, at, "", nil, nil); err != nil && !isStatus(err, 404) {
					return err
				}
			}
		}
	}
	return nil
}
