package weights

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// numbered is a shard that says how many there are: "model-00002-of-00005.gguf".
var numbered = pattern.Lazy(`^(.+)-(\d{1,6})-of-(\d{1,6})(\.[A-Za-z0-9]+)$`)

type numberedShard struct {
	stem, ext string
	no, of    int
}

func parseShard(base string) (s numberedShard, ok bool) {
	m := numbered.FindStringSubmatch(base)
	if m == nil {
		return s, false
	}
	s.stem, s.ext = m[1], strings.ToLower(m[4])
	s.no, _ = strconv.Atoi(m[2])
	s.of, _ = strconv.Atoi(m[3])
	return s, s.of > 0 && s.of <= maxShards
}

// Shards tells which shards of a model are missing, or too many, by the numbers in
// their names. The first shard that is there speaks for all, and none does where an
// index names them.
func Shards(f *sbom.File) []sbom.Finding {
	self, ok := parseShard(path.Base(f.Path))
	if !ok {
		return nil
	}
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil {
		return nil
	}
	there := map[int]bool{}
	first := self.no
	var more []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), self.stem+".") && index.MatchString(e.Name()) {
			return nil
		}
		s, ok := parseShard(e.Name())
		if !ok || s.stem != self.stem || s.ext != self.ext || s.of != self.of {
			continue
		}
		there[s.no], first = true, min(first, s.no)
		if s.no > s.of || s.no < 1 {
			more = append(more, e.Name())
		}
	}
	if first != self.no {
		return nil
	}
	var missing []string
	for n := 1; n <= self.of; n++ {
		if !there[n] {
			missing = append(missing, fmt.Sprintf("%05d", n))
		}
	}
	var all []sbom.Finding
	if len(missing) > 0 {
		all = append(all, sbom.Finding{Rule: sbom.RuleBadShards, Message: fmt.Sprintf("%d of %d shards are not there: %s", len(missing), self.of, some(missing))})
	}
	if len(more) > 0 {
		all = append(all, sbom.Finding{Rule: sbom.RuleBadShards, Message: fmt.Sprintf("of %d shards these are too many: %s", self.of, some(more))})
	}
	return all
}

// unlisted finds shards beside an index that it does not name: left from another
// version, or put there.
func unlisted(f *sbom.File, listed []shard) []string {
	known := map[string]bool{}
	stems := map[numberedShard]bool{}
	for _, s := range listed {
		known[s.name] = true
		if n, ok := parseShard(s.name); ok {
			stems[numberedShard{stem: n.stem, ext: n.ext}] = true
		}
	}
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil || len(stems) == 0 {
		return nil
	}
	var more []string
	for _, e := range entries {
		if n, ok := parseShard(e.Name()); ok && stems[numberedShard{stem: n.stem, ext: n.ext}] && !known[e.Name()] {
			more = append(more, e.Name())
		}
	}
	return more
}
