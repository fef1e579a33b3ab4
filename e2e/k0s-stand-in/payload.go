package main

import (
	"archive/tar"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// payloadMark ends an executable with components: a tar lies before it, and its length (8 bytes, little endian).
const payloadMark = "k0s stand-in payload\n"

// stage copies the named components out of this executable into dir, as k0s does with those it embeds.
func stage(dir string, names ...string) error {
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer self.Close()
	return stageFrom(self, dir, names)
}

func stageFrom(file *os.File, dir string, names []string) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	trailer := make([]byte, 8+len(payloadMark))
	start := info.Size() - int64(len(trailer))
	if _, err := file.ReadAt(trailer, max(start, 0)); err != nil || string(trailer[8:]) != payloadMark {
		return errors.New("this executable was built without components: use the packed one")
	}
	length := int64(binary.LittleEndian.Uint64(trailer))
	archive := io.NewSectionReader(file, start-length, length)
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	for entries := tar.NewReader(archive); len(wanted) > 0; {
		entry, err := entries.Next()
		if err != nil {
			return fmt.Errorf("this executable does not hold %v: %w", names, err)
		}
		if !wanted[entry.Name] {
			continue
		}
		delete(wanted, entry.Name)
		at, err := archive.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.Base(entry.Name))
		if err := copyOut(file, start-length+at, entry.Size, target, os.FileMode(entry.Mode)); err != nil {
			return err
		}
	}
	return nil
}

// copyOut leaves a file alone that an earlier start staged from this very executable. The kernel does the copying.
func copyOut(file *os.File, at, size int64, target string, mode os.FileMode) error {
	source, err := file.Stat()
	if err != nil {
		return err
	}
	if old, err := os.Stat(target); err == nil && old.Size() == size && old.ModTime().Equal(source.ModTime()) {
		return nil
	}
	temp := target + ".tmp"
	out, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err = file.Seek(at, io.SeekStart); err == nil {
		_, err = io.Copy(out, io.LimitReader(file, size))
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("failed to stage %s: %w", target, err)
	}
	if err := os.Chtimes(temp, source.ModTime(), source.ModTime()); err != nil {
		return err
	}
	return os.Rename(temp, target)
}
