package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	settlesAfter  = time.Second            // a stack is applied when its folder has not changed for so long
	firstBackoff  = 100 * time.Millisecond // doubled after each attempt that failed
	applyAttempts = 10
	restartAfter  = 10 * time.Second
)

// applier applies what lies in the folders below manifests/, one stack per folder, and prunes what does not. Like k0s's,
// it takes an empty folder for an empty stack: everything in the cluster that has the stack's label is deleted.
type applier struct {
	stacks *stacks
	dir    string

	mu     sync.Mutex
	tried  map[string]bool
	isIdle bool // and stays so: it cannot watch
}

func newApplier(a *api, dir string) *applier {
	return &applier{stacks: newStacks(a), dir: dir, tried: map[string]bool{}}
}

// run follows the folders until ctx ends. Where it cannot watch, it deploys nothing and only the log says so, as k0s.
func (a *applier) run(ctx context.Context) {
	changes, closeWatch, err := watchFolder(a.dir)
	if err != nil {
		logWarn("Failed to create watcher: %v", err)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.isIdle = true
		return
	}
	defer closeWatch()
	running := map[string]func(){}
	for {
		found, err := foldersIn(a.dir)
		if err != nil {
			logWarn("manifests: %v", err)
		}
		for name := range found {
			if running[name] == nil {
				running[name] = a.start(ctx, name)
			}
		}
		for name, stop := range running {
			if err == nil && !found[name] {
				stop()
				delete(running, name)
				a.remove(ctx, name)
			}
		}
		select {
		case <-ctx.Done():
			for _, stop := range running {
				stop()
			}
			return
		case <-changes:
		}
	}
}

func foldersIn(dir string) (map[string]bool, error) {
	entries, err := os.ReadDir(dir)
	folders := map[string]bool{}
	for _, entry := range entries {
		if entry.IsDir() {
			folders[entry.Name()] = true
		}
	}
	return folders, err
}

// start follows one folder; the returned function waits for its end.
func (a *applier) start(ctx context.Context, name string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			if err := a.follow(ctx, name); err != nil && ctx.Err() == nil {
				logWarn("Failed to run stack %s: %v", name, err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(restartAfter):
			}
		}
	}()
	return func() { cancel(); <-ended }
}

func (a *applier) follow(ctx context.Context, name string) error {
	changes, closeWatch, err := watchFolder(filepath.Join(a.dir, name))
	if err != nil {
		return err
	}
	defer closeWatch()
	for settled := time.After(settlesAfter); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-changes:
			settled = time.After(settlesAfter)
		case <-settled:
			a.apply(ctx, name)
		}
	}
}

// apply tries again with growing pauses, each time with the files as they are then; nothing is pruned before it works.
func (a *applier) apply(ctx context.Context, name string) {
	for attempt, pause := 1, firstBackoff; attempt <= applyAttempts; attempt, pause = attempt+1, 2*pause {
		err := a.attempt(ctx, name)
		if err == nil {
			logInfo("applied stack %s", name)
			return
		}
		if ctx.Err() != nil {
			return
		}
		logWarn("Failed to apply manifests of stack %s in attempt #%d, retrying after backoff: %v", name, attempt, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
	logWarn("Failed to apply manifests of stack %s", name)
}

func (a *applier) attempt(ctx context.Context, name string) error {
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.tried[name] = true
	}()
	objects, err := objectsIn(filepath.Join(a.dir, name))
	if err != nil {
		return fmt.Errorf("unable to build resources: %w", err)
	}
	return a.stacks.apply(ctx, name, objects)
}

func (a *applier) remove(ctx context.Context, name string) {
	if err := a.stacks.apply(ctx, name, nil); err != nil && !errors.Is(err, context.Canceled) {
		logWarn("Failed to delete stack %s: %v", name, err)
	}
}

// hasTried tells whether every one of the stacks was applied once, or could not be.
func (a *applier) hasTried(names []string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.isIdle || !slices.ContainsFunc(names, func(name string) bool { return !a.tried[name] })
}
