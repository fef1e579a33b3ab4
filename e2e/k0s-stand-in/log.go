package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// label opens every line that the stand-in writes, so that no log can be taken for one of k0s.
const label = "k0s stand-in (not k0s): "

func logLine(level, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	fmt.Fprintf(os.Stderr, "%stime=%q level=%s msg=%q\n", label, time.Now().UTC().Format("2006-01-02 15:04:05.000"), level, message)
}

func logInfo(format string, args ...any) { logLine("info", format, args...) }
func logWarn(format string, args ...any) { logLine("warning", format, args...) }

// logFrom passes on a line of a component.
func logFrom(component, line string) {
	fmt.Fprintf(os.Stderr, "%scomponent=%s %s\n", label, component, strings.TrimRight(line, "\n"))
}
