package main

import (
	"fmt"
	"os"
	"syscall"
)

// watchFolder tells whenever something in the folder changes, until it is closed. Each one takes an inotify instance, of
// which Linux gives a user only so many; k0s has one for manifests/ and one for each stack in it.
func watchFolder(folder string) (changes <-chan struct{}, closeWatch func(), err error) {
	descriptor, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		return nil, nil, fmt.Errorf("inotify_init: %w", err)
	}
	file := os.NewFile(uintptr(descriptor), "inotify")
	const mask = syscall.IN_CREATE | syscall.IN_DELETE | syscall.IN_MOVED_TO | syscall.IN_MOVED_FROM | syscall.IN_CLOSE_WRITE
	if _, err := syscall.InotifyAddWatch(descriptor, folder, mask); err != nil {
		file.Close()
		return nil, nil, fmt.Errorf("watching %s: %w", folder, err)
	}
	told := make(chan struct{}, 1)
	go func() {
		for buffer := make([]byte, 64*1024); ; {
			if _, err := file.Read(buffer); err != nil {
				return
			}
			select {
			case told <- struct{}{}:
			default: // it has not been listened to yet: one is enough
			}
		}
	}()
	return told, func() { file.Close() }, nil
}
