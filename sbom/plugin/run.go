package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/mlbom/mlbom/sbom/document"
)

// Bounds of a run.
const (
	DefaultTimeout = 10 * time.Minute
	maxOutput      = document.MaxSize // bytes of the document
	maxStderr      = 4 << 10          // bytes of its last words that an error shows
	waitDelay      = 2 * time.Second  // for what it started itself to let go of its output
)

var errTooMuch = fmt.Errorf("it printed more than %d MiB", maxOutput>>20)

// output runs the program on a folder and gives the document that it makes.
func (c Command) output(ctx context.Context, dir string, timeout time.Duration) ([]byte, error) {
	work, err := os.MkdirTemp("", "mlbom-plugin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	file := filepath.Join(work, "bom.json")
	args, toFile := c.arguments(dir, file)
	cmd := exec.CommandContext(ctx, c.program, args...)
	cmd.Dir = work
	cmd.Env = append(append(append([]string{}, c.env...), os.Environ()...), "PWD="+work)
	stdout, stderr := &bounded{limit: maxOutput, full: stop}, &tail{}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = stdout, stderr, waitDelay
	ownGroup(cmd)
	err = cmd.Run()
	if ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay) {
		killGroup(cmd)
	}
	switch {
	case stdout.over:
		return nil, errTooMuch
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("it did not end within %s and was stopped; --with-timeout gives more time%s", timeout, stderr)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return nil, fmt.Errorf("it failed: %w%s", err, stderr)
	case toFile:
		return readFile(file, stderr)
	}
	if len(bytes.TrimSpace(stdout.text.Bytes())) == 0 {
		return nil, fmt.Errorf("it printed no document%s", stderr)
	}
	return stdout.text.Bytes(), nil
}

func readFile(name string, stderr *tail) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("it wrote no document to %s%s", fileArg, stderr)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxOutput+1))
	if len(data) > maxOutput {
		return nil, errTooMuch
	}
	return data, err
}

// bounded keeps what is printed, up to a limit. The buffer is no embedded one,
// whose ReadFrom would pass the limit by.
type bounded struct {
	text  bytes.Buffer
	limit int
	over  bool
	full  func() // stops the program
}

// Write fails beyond the limit.
func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > b.limit {
		b.over = true
		b.full()
		return 0, errTooMuch
	}
	return b.text.Write(p)
}

// tail keeps the end of what is printed.
type tail struct{ text []byte }

// Write takes everything.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > 2*maxStderr {
		t.text = append([]byte{}, t.text[len(t.text)-maxStderr:]...)
	}
	return len(p), nil
}

// String is what follows an error: the program's last words, fit for a terminal.
func (t *tail) String() string {
	text := t.text[max(0, len(t.text)-maxStderr):]
	clean := strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(string(text), ""))
	if clean = strings.TrimSpace(clean); clean == "" {
		return ""
	}
	return ":\n  " + strings.ReplaceAll(clean, "\n", "\n  ")
}
