package main

import (
	"os"
	"os/user"
	"strconv"
	"sync"
)

// The users that k0s's image has for its components.
const (
	apiServerUser    = "kube-apiserver" // of kube-controller-manager and kine too
	schedulerUser    = "kube-scheduler"
	konnectivityUser = "konnectivity-server"
)

// componentUsers knows the uid of each component user; one that /etc/passwd lacks is root, with a warning.
type componentUsers struct {
	ids  map[string]int
	once *sync.Mutex
}

func newComponentUsers() componentUsers {
	return componentUsers{ids: map[string]int{"root": 0}, once: &sync.Mutex{}}
}

func (u componentUsers) uid(name string) int {
	u.once.Lock()
	defer u.once.Unlock()
	if id, ok := u.ids[name]; ok {
		return id
	}
	u.ids[name] = 0
	if found, err := user.Lookup(name); err != nil {
		logWarn("user %s not found: its component runs as root and root owns its files", name)
	} else if id, err := strconv.Atoi(found.Uid); err == nil {
		u.ids[name] = id
	}
	return u.ids[name]
}

// chown always asks the kernel, as k0s does: it is refused to all but root, and to root without CAP_CHOWN for others.
func (u componentUsers) chown(file, name string) error {
	return os.Chown(file, u.uid(name), -1)
}
