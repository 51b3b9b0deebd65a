package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom/source"
)

// maxDepth bounds the history that is fetched, in commits from the last one back.
const maxDepth = 10_000

// gitCommits speaks version 2 of git's protocol (gitprotocol-v2(5)) with the repository, and
// asks for commits alone: no trees and no files. A host that cannot leave them out
// is not asked, and ok is false.
func (a *api) gitCommits(ctx context.Context, commit string) (commits map[string][]byte, ok bool, err error) {
	address := a.address(a.folder())
	able, err := a.git(ctx, http.MethodGet, address+"/info/refs?service=git-upload-pack", nil)
	if err != nil || !canFilter(able) {
		return nil, false, nil // the hub's interface alone has to do
	}
	var ask bytes.Buffer
	for _, line := range []string{"command=fetch\n", "", "no-progress\n", "filter tree:0\n", fmt.Sprintf("deepen %d\n", maxDepth), "want " + commit + "\n", "done\n"} {
		if line == "" {
			ask.WriteString("0001")
			continue
		}
		fmt.Fprintf(&ask, "%04x%s", len(line)+4, line)
	}
	ask.WriteString("0000")
	answer, err := a.git(ctx, http.MethodPost, address+"/git-upload-pack", ask.Bytes())
	if err != nil {
		return nil, false, err
	}
	pack, err := sideband(answer)
	if err != nil {
		return nil, false, err
	}
	commits, err = readPack(pack)
	return commits, err == nil, err
}

// git sends one request of the protocol.
func (a *api) git(ctx context.Context, method, address string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Git-Protocol", "version=2")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-git-upload-pack-request")
	}
	res, err := a.Do(req)
	if err != nil {
		return nil, source.Reason(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, source.StatusError(res)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxPack+1))
	if err == nil && len(data) > maxPack {
		err = fmt.Errorf("the history has more than %d MiB", maxPack>>20)
	}
	return data, err
}

// packet takes the first packet off; special is the number of one without content,
// -1 for others.
func packet(data []byte) (content, rest []byte, special int, err error) {
	if len(data) < 4 {
		return nil, nil, 0, errPack
	}
	n, err := strconv.ParseUint(string(data[:4]), 16, 16)
	switch {
	case err != nil || n > uint64(len(data)) || n == 3:
		return nil, nil, 0, errPack
	case n < 4:
		return nil, data[4:], int(n), nil
	}
	return data[4:n], data[n:], -1, nil
}

// canFilter reads what a host can: "fetch=shallow filter".
func canFilter(data []byte) bool {
	version2 := false
	for len(data) > 0 {
		content, rest, _, err := packet(data)
		if err != nil {
			return false
		}
		data = rest
		switch line := strings.TrimSuffix(string(content), "\n"); {
		case line == "version 2":
			version2 = true
		case strings.HasPrefix(line, "fetch="):
			return version2 && slices.Contains(strings.Fields(strings.TrimPrefix(line, "fetch=")), "filter")
		}
	}
	return false
}

// sideband gives the pack in an answer to fetch.
func sideband(data []byte) ([]byte, error) {
	var pack []byte
	inside := false
	for len(data) > 0 {
		content, rest, special, err := packet(data)
		if err != nil {
			return nil, err
		}
		data = rest
		switch {
		case special == 0 && inside:
			return pack, nil
		case special >= 0 || len(content) == 0:
		case inside && content[0] == 1:
			pack = append(pack, content[1:]...)
		case inside && content[0] == 3, bytes.HasPrefix(content, []byte("ERR ")):
			return nil, errors.New("the host refuses: " + source.Printable(string(content[1:])))
		case !inside && string(content) == "packfile\n":
			inside = true
		}
	}
	return pack, nil
}

// signers writes down how many commits of the history are signed, and with which
// keys. Each commit is known by its own id, so that the history is the one that the
// commit stands for; whose the keys are is not known.
func (r *Repository) signers(ctx context.Context, a *api, p *properties) {
	commits, ok, err := a.gitCommits(ctx, r.Commit)
	if err != nil {
		r.problem(fmt.Errorf("who signed the commits is not known: %w", err))
	}
	if !ok || commits[r.Commit] == nil {
		return
	}
	var keys []string
	total, signed := 0, 0
	seen := map[string]bool{r.Commit: true}
	for todo := []string{r.Commit}; len(todo) > 0; {
		id := todo[0]
		todo = todo[1:]
		data := commits[id]
		if data == nil {
			continue // before what was asked for
		}
		c := readCommit(data)
		if total++; c.signature != "" {
			signed++
			if key := keyOf(c.signature); !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		if id == r.Commit {
			p.add("commit-author", c.author)
			p.add("commit-signature", signatureWord(c.signature))
		}
		for _, parent := range c.parents {
			if !seen[parent] {
				seen[parent] = true
				todo = append(todo, parent)
			}
		}
	}
	p.add("signed-commits", fmt.Sprintf("%d of %d", signed, total))
	for _, key := range keys[:min(len(keys), maxNamed)] {
		p.add("signer", key)
	}
}

// gitCommit is what a commit says in its head.
type gitCommit struct {
	parents   []string
	author    string // "Name <mail>"
	signature string // in its armour; "" for none
}

var personPattern = regexp.MustCompile(`^(.*?)( \d+ [+-]\d{4})?$`)

// readCommit reads the head of a commit object.
func readCommit(data []byte) (c gitCommit) {
	head, _, _ := strings.Cut(string(data), "\n\n")
	inSignature := false
	for line := range strings.SplitSeq(head, "\n") {
		if rest, ok := strings.CutPrefix(line, " "); ok {
			if inSignature {
				c.signature += "\n" + rest
			}
			continue
		}
		key, value, _ := strings.Cut(line, " ")
		inSignature = key == "gpgsig" || key == "gpgsig-sha256"
		switch {
		case inSignature:
			c.signature = value
		case key == "parent" && len(c.parents) < 1000:
			c.parents = append(c.parents, value)
		case key == "author":
			c.author = personPattern.FindStringSubmatch(value)[1]
		}
	}
	return c
}
