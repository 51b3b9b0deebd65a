package sign

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"
)

// Held says how files compare with the signature of a model. All lists are of names
// below the model's folder, in order.
type Held struct {
	Equal                          int
	Differ, Missing, Added, Unread []string
}

// Same tells whether all that was signed is there, and nothing else.
func (h *Held) Same() bool {
	return h.Equal > 0 && len(h.Differ)+len(h.Missing)+len(h.Added)+len(h.Unread) == 0
}

// Hold reads the files of a folder and holds them against the signature. self names the
// signature's own file below the folder, or is "". A bundle of a model that is one file
// is held against that file alone.
func (b *Bundle) Hold(ctx context.Context, tree fs.FS, folder, self string) (*Held, error) {
	h := &Held{}
	groups := b.byFile()
	var lock sync.Mutex
	err := each(ctx, len(groups), func(i int) {
		err := b.holdFile(ctx, tree, folder, groups[i])
		lock.Lock()
		defer lock.Unlock()
		name := groups[i][0].Name
		switch {
		case err == nil:
			h.Equal++
		case errors.Is(err, fs.ErrNotExist):
			h.Missing = append(h.Missing, name)
		case errors.Is(err, errDiffers):
			h.Differ = append(h.Differ, name)
		default:
			h.Unread = append(h.Unread, name)
		}
	})
	if err != nil {
		return nil, err
	}
	if !b.Single() {
		if err := b.added(h, tree, folder, self); err != nil {
			return nil, err
		}
	}
	for _, list := range [][]string{h.Differ, h.Missing, h.Added, h.Unread} {
		slices.Sort(list)
	}
	return h, nil
}

// Single tells whether the model is one file, which has the name of the model.
func (b *Bundle) Single() bool {
	return !slices.ContainsFunc(b.Resources, func(r Resource) bool { return r.Name != b.Name })
}

// byFile puts together the pieces of each file, wherever they stand in the statement.
func (b *Bundle) byFile() [][]Resource {
	at := map[string]int{}
	var all [][]Resource
	for _, r := range b.Resources {
		i, ok := at[r.Name]
		if !ok {
			i, all = len(all), append(all, nil)
			at[r.Name] = i
		}
		all[i] = append(all[i], r)
	}
	return all
}

var (
	errDiffers = errors.New("the file is not as it was signed")
	errLink    = errors.New("it is a link, and the signature allows none")
	// ErrGap says that the pieces of a file are not all of it.
	ErrGap = errors.New("the signature does not cover all of the file")
)

func (b *Bundle) holdFile(ctx context.Context, tree fs.FS, folder string, of []Resource) error {
	at := path.Join(folder, of[0].Name)
	if info, err := fs.Lstat(tree, at); err == nil && info.Mode()&fs.ModeSymlink != 0 && !b.AllowSymlinks {
		return errLink
	}
	f, err := tree.Open(at)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r, ok := f.(io.ReaderAt)
	if !ok || !info.Mode().IsRegular() {
		return errors.New("it is no file")
	}
	sums, err := Pieces(ctx, r, info.Size(), of, b.HashType)
	switch {
	case errors.Is(err, ErrGap):
		return errDiffers
	case err != nil:
		return err
	}
	for i := range of {
		if !bytes.Equal(of[i].Digest, sums[i]) {
			return errDiffers
		}
	}
	if len(sums) != len(of) {
		return errDiffers
	}
	return nil
}

// Pieces gives the digests of the pieces of a file, which have to follow each other, in
// whichever order they are signed: the specification wants that of their names. Where
// the file goes on after the last there is one digest more, nil.
func Pieces(ctx context.Context, r io.ReaderAt, size int64, of []Resource, hashType string) ([][]byte, error) {
	newHash, ok := Hash(hashType)
	if !ok {
		return nil, errors.New("the hash is not known")
	}
	order := make([]int, len(of))
	for i := range of {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(of[a].Start, of[b].Start) })
	sums := make([][]byte, len(of))
	end := int64(0)
	for _, i := range order {
		piece := of[i]
		if piece.End == 0 {
			piece.End = size
		}
		if piece.Start != end {
			return nil, ErrGap
		}
		end = piece.End
		h := newHash()
		if _, err := io.Copy(h, &stopped{ctx, io.NewSectionReader(r, piece.Start, piece.End-piece.Start)}); err != nil {
			return nil, err
		}
		sums[i] = h.Sum(nil)
	}
	if end != size {
		sums = append(sums, nil)
	}
	return sums, nil
}

// stopped ends a long read when the user does.
type stopped struct {
	ctx context.Context
	io.Reader
}

func (s *stopped) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

// added finds what lies in the folder and was not signed. A signature that allows no
// links covers none, and none covers one to a folder.
func (b *Bundle) added(h *Held, tree fs.FS, folder, self string) error {
	known := map[string]bool{}
	for _, r := range b.Resources {
		known[r.Name] = true
	}
	ignore := slices.Clone(b.IgnorePaths)
	if self != "" {
		ignore = append(ignore, self)
	}
	names, err := Files(tree, folder, ignore, b.AllowSymlinks)
	if err != nil {
		return err
	}
	links, err := Links(tree, folder, ignore)
	if err != nil {
		return err
	}
	for _, name := range names {
		if info, err := fs.Stat(tree, path.Join(folder, name)); err == nil && info.Size() == 0 && b.Serialization.Method == "shards" {
			continue // a file without bytes has no pieces, and is not signed
		}
		if !known[name] {
			h.Added = append(h.Added, name)
		}
	}
	for _, name := range links {
		if !known[name] && !slices.Contains(names, name) {
			h.Added = append(h.Added, name)
		}
	}
	return nil
}

// HashFiles reads files of a folder, several at once, and gives them as resources with
// their SHA-256.
func HashFiles(ctx context.Context, tree fs.FS, folder string, names []string, told func(bytes int64)) ([]Resource, error) {
	all := make([]Resource, len(names))
	var lock sync.Mutex
	var first error
	err := each(ctx, len(names), func(i int) {
		sum, size, err := hashFile(ctx, tree, path.Join(folder, names[i]))
		all[i] = Resource{Name: names[i], Digest: sum}
		lock.Lock()
		defer lock.Unlock()
		if told(size); err != nil && first == nil {
			first = err
		}
	})
	return all, cmp.Or(first, err)
}

func hashFile(ctx context.Context, tree fs.FS, name string) ([]byte, int64, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	newHash, _ := Hash("sha256")
	h := newHash()
	n, err := io.CopyBuffer(struct{ io.Writer }{h}, &stopped{ctx, f}, make([]byte, 1<<20))
	if errors.Is(err, os.ErrInvalid) {
		err = &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return h.Sum(nil), n, err
}

// each calls do for 0 to n-1, as many at once as there are processors.
func each(ctx context.Context, n int, do func(i int)) error {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	wait.Wait()
	return ctx.Err()
}
