// A custom-executor driver in Go that does what the stages config and run do on the runner's host, and nothing else: the peer that
// tests/benchmarks/run measures the start of the real driver against. It confines no script and watches no builder.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

type settings struct {
	Instance  string `json:"instance"`
	Workspace struct {
		Root string `json:"root"`
	} `json:"workspace"`
}

type jobResponse struct {
	ID      int64 `json:"id"`
	JobInfo struct {
		Name      string `json:"name"`
		ProjectID int64  `json:"project_id"`
	} `json:"job_info"`
	Variables []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"variables"`
}

type state struct {
	JobID   int64  `json:"jobId"`
	Builder string `json:"builder"`
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, path, err)
		os.Exit(2)
	}
}

func config(s settings, job jobResponse) {
	workspace := filepath.Join(s.Workspace.Root, strconv.FormatInt(job.ID, 10))
	reply, _ := json.Marshal(map[string]any{
		"driver":     map[string]string{"name": "peer", "version": "1"},
		"builds_dir": filepath.Join(workspace, "builds"),
		"cache_dir":  filepath.Join(workspace, "cache"),
		"shell":      "bash",
	})
	fmt.Println(string(reply))
}

func run(script string, builder string) int {
	codeFile := os.Getenv("BUILD_EXIT_CODE_FILE")
	os.Remove(codeFile)
	var environment []string
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "PATH=") || strings.HasPrefix(variable, "LANG=") {
			environment = append(environment, variable)
		}
	}
	environment = append(environment, "BUILDX_BUILDER="+builder)
	command := exec.Command("bash", script)
	command.Env, command.Stdout, command.Stderr = environment, os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	if err := command.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	go func() {
		<-signals
		syscall.Kill(-command.Process.Pid, syscall.SIGTERM)
	}()
	err := command.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.WriteFile(codeFile, []byte(strconv.Itoa(exit.ExitCode())), 0o600)
		return 1
	}
	return 0
}

func main() {
	var s settings
	var job jobResponse
	read(os.Getenv("CUSTOM_EXECUTOR_SETTINGS"), &s)
	read(os.Getenv("JOB_RESPONSE_FILE"), &job)
	switch os.Args[1] {
	case "config":
		config(s, job)
	case "run":
		var attempt state
		read(filepath.Join(os.Getenv("TMPDIR"), "driver", "state.json"), &attempt)
		os.Exit(run(os.Args[2], attempt.Builder))
	}
}
