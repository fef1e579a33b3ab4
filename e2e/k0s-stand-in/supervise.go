package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const respawnAfter = 5 * time.Second // as k0s does

// child is one supervised process: started again when it ends, until it is told to stop.
type child struct {
	name   string
	binary string
	args   []string
	env    []string
	uid    int
	runDir string
	grace  time.Duration // between TERM and KILL

	mu       sync.Mutex
	process  *os.Process
	stopping chan struct{}
	ended    chan struct{}
}

// start fails if the first attempt to execute the child fails.
func (c *child) start() error {
	c.stopping, c.ended = make(chan struct{}), make(chan struct{})
	started := make(chan error, 1)
	go c.supervise(started)
	return <-started
}

func (c *child) supervise(started chan<- error) {
	defer close(c.ended)
	runtime.LockOSThread() // the kernel ties Pdeathsig to the thread that forks
	for first := true; ; first = false {
		if !first {
			select {
			case <-c.stopping:
				return
			case <-time.After(respawnAfter):
				logInfo("respawning %s", c.name)
			}
		}
		command, err := c.launch()
		if first {
			started <- err
			if err != nil {
				return
			}
		}
		if err != nil {
			logWarn("failed to start %s: %v", c.name, err)
			continue
		}
		err = command.Wait()
		select {
		case <-c.stopping:
			return
		default:
			logWarn("%s ended (%v), respawning in %s", c.name, err, respawnAfter)
		}
	}
}

func (c *child) launch() (*exec.Cmd, error) {
	command := exec.Command(c.binary, c.args...)
	command.Env = append(os.Environ(), c.env...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if os.Geteuid() == 0 { // always, also for root: this is what needs CAP_SETGID
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(c.uid), Gid: 0}
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Stderr = command.Stdout
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.stopping:
		return nil, errors.New("stopping")
	default:
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("failed to start %s: %w", c.name, err)
	}
	c.process = command.Process
	go forwardOutput(c.name, output)
	pidFile := filepath.Join(c.runDir, c.name+".pid")
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(c.process.Pid)+"\n"), 0o644); err != nil {
		logWarn("%v", err)
	}
	return command, nil
}

func forwardOutput(component string, output io.Reader) {
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			logFrom(component, line)
		}
		if err != nil {
			return
		}
	}
}

// stop sends TERM, then KILL after the grace time, and waits for the end.
func (c *child) stop() {
	c.mu.Lock()
	close(c.stopping)
	process := c.process
	c.mu.Unlock()
	if process != nil {
		_ = process.Signal(syscall.SIGTERM)
	}
	select {
	case <-c.ended:
	case <-time.After(c.grace):
		logWarn("%s did not stop within %s, killing it", c.name, c.grace)
		_ = process.Kill()
		<-c.ended
	}
	_ = os.Remove(filepath.Join(c.runDir, c.name+".pid"))
	logInfo("%s stopped", c.name)
}
