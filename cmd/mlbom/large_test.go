package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Bounds of what it may cost to inspect files of any size without digests. Time is
// that of the processor, since other work on the machine is none of ours, with room
// for a slow one; .ci/bench measures what the README says.
const (
	largeTime   = 4 * time.Second
	largeMemory = 64 << 20 // bytes that the process takes from the system
)

// sparse makes a safetensors file of that size that takes no room on the disk.
func sparse(t *testing.T, name string, tensors int, size int64) map[string]string {
	t.Helper()
	header, of := map[string]any{}, map[string]string{}
	each := size / int64(tensors)
	for i := range int64(tensors) {
		tensor := fmt.Sprintf("%s.%d.weight", strings.TrimSuffix(filepath.Base(name), ".safetensors"), i)
		header[tensor] = map[string]any{"dtype": "BF16", "shape": []int64{each / 2}, "data_offsets": []int64{i * each, (i + 1) * each}}
		of[tensor] = filepath.Base(name)
	}
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(8 + int64(len(text)) + each*int64(tensors)); err != nil {
		t.Skipf("the file system has no sparse files of that size: %v", err)
	}
	return of
}

// TestLarge inspects a model of 1 TB in 250 shards and a file of 100 GB.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("needs sparse files of 1 TB")
	}
	const giga = 1_000_000_000
	shards, single := t.TempDir(), t.TempDir()
	of := map[string]string{}
	for i := range 250 {
		for tensor, file := range sparse(t, filepath.Join(shards, fmt.Sprintf("model-%05d-of-00250.safetensors", i+1)), 64, 4*giga) {
			of[tensor] = file
		}
	}
	index, _ := json.Marshal(map[string]any{"metadata": map[string]any{"total_size": 1000 * giga}, "weight_map": of})
	if err := os.WriteFile(filepath.Join(shards, "model.safetensors.index.json"), index, 0o600); err != nil {
		t.Fatal(err)
	}
	sparse(t, filepath.Join(single, "model.safetensors"), 1000, 100*giga)
	for dir, parameters := range map[string]int64{shards: 500 * giga, single: 50 * giga} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		started := processorTime()
		var out, diagnostics bytes.Buffer
		code := run(context.Background(), []string{"mlbom", "generate", "--quiet", "--hash", "none", dir}, &out, &diagnostics)
		took := processorTime() - started
		runtime.ReadMemStats(&after)
		if code != exitOK || !bytes.Contains(out.Bytes(), fmt.Appendf(nil, `"value": "%d"`, parameters)) {
			t.Fatalf("%s: %d, %s, %s", dir, code, diagnostics.String(), out.String())
		}
		t.Logf("%v, %d bytes more from the system, %d bytes of document", took, after.Sys-before.Sys, out.Len())
		if took > largeTime {
			t.Errorf("it took %v of processor time, more than %v", took, largeTime)
		}
		if got := after.Sys - before.Sys; after.Sys > before.Sys && got > largeMemory {
			t.Errorf("it took %d bytes of memory, more than %d", got, largeMemory)
		}
	}
}
