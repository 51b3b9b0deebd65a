package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
)

// uploadJob is what the flags of upload ask for, checked before anything is read.
type uploadJob struct {
	cli         *cli.Context
	input       string
	key         string
	client      *deptrack.Client
	project     deptrack.Project
	profile     string
	specVersion string
	wait, json  bool
	gate        uploadGate
	timeout     time.Duration
	say         io.Writer // progress
}

func newUpload(c *cli.Context) (*uploadJob, error) {
	if c.Args().Len() != 1 {
		return nil, usage("upload takes one BOM or folder, not %d; say mlbom upload BOM --url URL", c.Args().Len())
	}
	u := &uploadJob{cli: c, input: c.Args().First(), specVersion: c.String("spec-version"), timeout: defaultUploadTimeout, say: io.Discard}
	var err error
	if u.project, err = uploadTarget(c); err != nil {
		return nil, err
	}
	if u.gate, err = parseUploadGate(c.Bool("gate"), c.StringSlice("fail-on")); err != nil {
		return nil, err
	}
	u.wait = c.Bool("wait") || u.gate.on
	switch f := c.String("format"); f {
	case "", "text":
	case "json":
		u.json = true
	default:
		return nil, usage("--format %q: say text or json", f)
	}
	switch u.profile = cmp.Or(c.String("profile"), profile.Name); u.profile {
	case profile.Name, noProfile:
	default:
		return nil, usage("--profile %q: say %s or %s", u.profile, profile.Name, noProfile)
	}
	if u.specVersion != "" && !isIn(u.specVersion, versions) {
		return nil, usage("--spec-version %q: say one of %s", u.specVersion, strings.Join(versions, ", "))
	}
	if text := c.String("timeout"); text != "" {
		if u.timeout, err = time.ParseDuration(text); err != nil || u.timeout <= 0 {
			return nil, usage("--timeout %q: want a time such as 90s or 20m", text)
		}
	}
	if c.String("url") == "" {
		return nil, usage("say where the server is: --url https://HOST, or DEPENDENCY_TRACK_URL")
	}
	if u.key, err = uploadKey(c.String("api-key-file")); err != nil {
		return nil, err
	}
	roots, err := readCA(c.String("ca"))
	if err != nil {
		return nil, err
	}
	u.client, err = deptrack.New(deptrack.Options{URL: c.String("url"), Key: u.key, UserAgent: "mlbom/" + toolVersion(), Plain: c.StringSlice("plain-http"), Roots: roots})
	if err != nil {
		return nil, u.hidden(usage("%v", err))
	}
	return u, nil
}

func isIn(s string, list []string) bool {
	for _, one := range list {
		if s == one {
			return true
		}
	}
	return false
}

// uploadTarget is the project that the flags name; one without a name takes that of the BOM.
func uploadTarget(c *cli.Context) (deptrack.Project, error) {
	p := deptrack.Project{AutoCreate: c.Bool("auto-create"), Latest: c.Bool("latest")}
	for _, list := range c.StringSlice("tag") {
		for tag := range strings.SplitSeq(list, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				p.Tags = append(p.Tags, tag)
			}
		}
	}
	if s := c.String("project"); deptrack.UUIDPattern.MatchString(s) {
		p.UUID = s
	} else {
		p.Name, p.Version = nameAndVersion(s)
	}
	if s := c.String("parent"); deptrack.UUIDPattern.MatchString(s) {
		p.ParentUUID = s
	} else if s != "" {
		if p.ParentName, p.ParentVersion = nameAndVersion(s); p.ParentVersion == "" {
			return p, usage("--parent %q: say NAME@VERSION, or the UUID of the project", s)
		}
	}
	if p.UUID != "" && (p.AutoCreate || p.ParentUUID != "" || p.ParentName != "") {
		return p, usage("--auto-create and --parent are for a new project, and %s is the UUID of one that is there", p.UUID)
	}
	return p, nil
}

// nameAndVersion parts at the last @ that is not the first character.
func nameAndVersion(s string) (name, version string) {
	if i := strings.LastIndex(s, "@"); i > 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

const maxKey = 4096 // bytes of a file of a key

// uploadKey reads the key. It is no flag: other users of a machine see those.
func uploadKey(file string) (string, error) {
	if file == "" {
		if key := strings.TrimSpace(cmp.Or(os.Getenv("DEPENDENCY_TRACK_API_KEY"), os.Getenv("MLBOM_API_KEY"))); key != "" {
			return key, nil
		}
		return "", usage("there is no API key: set DEPENDENCY_TRACK_API_KEY or MLBOM_API_KEY, or name a file in --api-key-file")
	}
	f, err := os.Open(file)
	if err != nil {
		return "", usage("--api-key-file %s: %v", file, rootCause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return "", usage("--api-key-file %s: %v", file, rootCause(err))
	}
	key := strings.TrimSpace(string(data))
	if len(data) > maxKey || key == "" || strings.ContainsAny(key, " \t\r\n") {
		return "", usage("--api-key-file %s: want the key alone, on one line", file)
	}
	return key, nil
}

// hidden is an error without the key, which a server may have put into its answer.
func (u *uploadJob) hidden(err error) error {
	if err == nil || u.key == "" || !strings.Contains(err.Error(), u.key) {
		return err
	}
	code := exitFailed
	var coded *exitError
	if errors.As(err, &coded) {
		code = coded.code
	}
	return &exitError{code, errors.New(strings.ReplaceAll(err.Error(), u.key, hiddenKey))}
}

const hiddenKey = "[API key]"

// redacted writes without the key. What is written at once is held against it at once.
type redacted struct {
	w   io.Writer
	key string
}

func (r redacted) Write(p []byte) (int, error) {
	if _, err := r.w.Write(bytes.ReplaceAll(p, []byte(r.key), []byte(hiddenKey))); err != nil {
		return 0, err
	}
	return len(p), nil
}

func isVersion(err error) bool   { return errors.Is(err, deptrack.ErrVersion) }
func isNoProject(err error) bool { return errors.Is(err, deptrack.ErrNoProject) }

// named takes name and version of what the BOM describes where no flag says them.
func (u *uploadJob) named(name, version string) error {
	if u.project.UUID != "" {
		return nil
	}
	u.project.Name = cmp.Or(u.project.Name, name)
	u.project.Version = cmp.Or(u.project.Version, version)
	switch {
	case u.project.Name == "":
		return usage("the BOM does not name what it describes; say --project NAME@VERSION")
	case u.project.Version == "":
		return usage("neither the BOM nor --project says a version; say --project %s@VERSION", u.project.Name)
	}
	return nil
}

// document reads the input.
func (u *uploadJob) document(ctx context.Context) (*uploadDocument, error) {
	d, err := u.readInput(ctx)
	if err != nil {
		return nil, err
	}
	if d.note != "" {
		fmt.Fprintln(u.say, d.note)
	}
	root := d.graph.Node(d.graph.Root)
	if root == nil {
		return d, u.named("", "")
	}
	return d, u.named(root.Name, root.Version)
}
