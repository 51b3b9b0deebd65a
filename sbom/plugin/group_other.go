//go:build !unix

package plugin

import "os/exec"

// ownGroup: without groups, the program alone is ended.
func ownGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) error {
	if cmd.Process == nil {
		return nil
	}
	return cmd.Process.Kill()
}
