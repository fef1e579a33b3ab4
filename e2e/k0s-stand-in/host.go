package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hostFacts decide how lenient a worker must be with its machine. Real k0s is not lenient: it needs a worker profile
// and skipped pre-flight checks there.
type hostFacts struct {
	cgroupV1      bool
	noSysResource bool // no CAP_SYS_RESOURCE: nobody may lower an oom_score_adj
}

const (
	capSysResource = 24
	overlayMagic   = 0x794c7630
	cgroup2Magic   = 0x63677270
)

func observeHost() hostFacts {
	var h hostFacts
	var fs syscall.Statfs_t
	if err := syscall.Statfs("/sys/fs/cgroup", &fs); err == nil {
		h.cgroupV1 = fs.Type != cgroup2Magic
	}
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return h
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if mask, ok := strings.CutPrefix(lines.Text(), "CapBnd:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			h.noSysResource = err == nil && bits&(1<<capSysResource) == 0
		}
	}
	return h
}

func (h hostFacts) report() {
	if h.cgroupV1 {
		logWarn("cgroup v1: setting failCgroupV1: false and cgroupDriver: cgroupfs; real k0s needs a worker profile with them and --ignore-pre-flight-checks here")
	}
	if h.noSysResource {
		logWarn("no CAP_SYS_RESOURCE: setting oomScoreAdj: 0 and restrict_oom_score_adj; real k0s needs a worker profile and a containerd drop-in with them here")
	}
}

// lenient is the one place where the stand-in lets pass what k0s would not.
func (h hostFacts) lenient(kubelet object) {
	if h.cgroupV1 {
		kubelet["failCgroupV1"], kubelet["cgroupDriver"] = false, "cgroupfs"
	}
	if h.noSysResource {
		kubelet["oomScoreAdj"] = 0
	}
}

func onPath(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// startContainerd runs the machine's containerd with folders of its own, as k0s runs the one it brings along, and
// imports the archives of <data-dir>/images and the stand-in's pause image.
func (w *worker) startContainerd(ctx context.Context, pause image) (string, error) {
	for _, program := range []string{"containerd", "ctr", "runc"} {
		if !onPath(program) {
			return "", fmt.Errorf("no %s on this machine: k0s brings its own, the k0s stand-in needs the distribution's", program)
		}
	}
	root := filepath.Join(w.paths.data, "containerd")
	socket := filepath.Join(w.paths.run, "containerd.sock")
	if err := initDir(root, 0o755); err != nil {
		return "", err
	}
	config := "/etc/k0s/containerd.toml"
	if err := os.MkdirAll(filepath.Dir(config), 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(config, []byte(containerdConfig(w.host, snapshotterFor(root), pause)), 0o644); err != nil {
		return "", err
	}
	containerd, err := exec.LookPath("containerd")
	if err != nil {
		return "", err
	}
	process := &child{
		name: "containerd", binary: containerd, runDir: w.paths.run, grace: 10 * time.Second,
		args: []string{
			"--root=" + root, "--state=" + filepath.Join(w.paths.run, "containerd"), "--address=" + socket,
			"--log-level=info", "--config=" + config,
		},
	}
	if err := w.start(process); err != nil {
		return "", err
	}
	waiting, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := until(waiting, "waiting for containerd", 50*time.Millisecond, func() error {
		connection, err := net.Dial("unix", socket)
		if err == nil {
			connection.Close()
		}
		return err
	}); err != nil {
		return "", err
	}
	archives, err := filepath.Glob(filepath.Join(w.paths.data, "images", "*.tar"))
	if err != nil {
		return "", err
	}
	for _, archive := range append(archives, filepath.Join(w.paths.bin, "pause.tar")) {
		importing := exec.CommandContext(ctx, "ctr", "--address="+socket, "--namespace=k8s.io", "images", "import", archive)
		if output, err := importing.CombinedOutput(); err != nil {
			return "", fmt.Errorf("failed to import %s: %w: %s", archive, err, output)
		}
		logInfo("imported %s", archive)
	}
	return "unix://" + socket, nil
}

// snapshotterFor avoids an overlay on an overlay, which the kernel refuses.
func snapshotterFor(root string) string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(root, &fs); err == nil && fs.Type == overlayMagic {
		logWarn("%s lies on an overlay: using the native snapshotter", root)
		return "native"
	}
	return "overlayfs"
}

func containerdConfig(h hostFacts, snapshotter string, pause image) string {
	plugins := "/opt/cni/bin"
	if debian := "/usr/lib/cni"; !exists(filepath.Join(plugins, "bridge")) && exists(filepath.Join(debian, "bridge")) {
		plugins = debian
	}
	score := ""
	if h.noSysResource {
		score = "oom_score = 0\n"
	}
	return fmt.Sprintf(`# written by the k0s stand-in at each start
version = 2
%s[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "%s:%s"
  restrict_oom_score_adj = %t
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "%s"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "%s"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`, score, pause.Image, pause.Version, h.noSysResource, plugins, snapshotter)
}
