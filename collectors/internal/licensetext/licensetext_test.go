package licensetext

import (
	"os"
	"strings"
	"sync"
	"testing"
)

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`

const bsdHead = `Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

   * Redistributions of source code must retain the above copyright
notice, this list of conditions and the following disclaimer.
   * Redistributions in binary form must reproduce the above
copyright notice, this list of conditions and the following disclaimer
in the documentation and/or other materials provided with the
distribution.
`

const bsdThird = `   * Neither the name of Google LLC nor the names of its
contributors may be used to endorse or promote products derived from
this software without specific prior written permission.
`

const bsdFourth = `   * All advertising materials mentioning features or use of this software
must display the following acknowledgement:
This product includes software developed by the Example Project.
`

const bsdTail = `
THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS
"AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR
A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT
OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY
THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
`

const gplNotice = `This program is free software: you can redistribute it and/or modify
it under the terms of the GNU General Public License as published by
the Free Software Foundation, either version 3 of the License, or
(at your option) any later version.

This program is distributed in the hope that it will be useful,
but WITHOUT ANY WARRANTY; without even the implied warranty of
MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
GNU General Public License for more details.

You should have received a copy of the GNU General Public License
along with this program.  If not, see <https://www.gnu.org/licenses/>.
`

const apacheNotice = `Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
`

const patents = `Additional IP Rights Grant (Patents)

"This implementation" means the copyrightable works distributed by
Google as part of the Go project.

Google hereby grants to You a perpetual, worldwide, non-exclusive,
no-charge, royalty-free, irrevocable (except as stated in this section)
patent license to make, have made, use, offer to sell, sell, import,
transfer and otherwise run, modify and propagate the contents of this
implementation of Go, where such license applies only to those patent
claims, both currently owned or controlled by Google and acquired in
the future, licensable by Google that are necessarily infringed by this
implementation of Go.  This grant does not include claims that would be
infringed only as a consequence of further modification of this
implementation.  If you or your agent or exclusive licensee institute or
order or agree to the institution of patent litigation against any
entity (including a cross-claim or counterclaim in a lawsuit) alleging
that this implementation of Go or any code incorporated within this
implementation of Go constitutes direct or contributory patent
infringement, or inducement of patent infringement, then any patent
rights granted to you under this License for this implementation of Go
shall terminate as of the date such litigation is filed.
`

func ids(text string) string {
	var all []string
	for _, l := range Classify(text) {
		all = append(all, l.ID+l.Expression)
	}
	return strings.Join(all, " ")
}

func TestClassify(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"MIT":                   {"MIT License\n\nCopyright (c) 2024 A. N. Author <a@example.org>\n\n" + mit, "MIT"},
		"MIT in comments":       {"# " + strings.ReplaceAll(mit, "\n", "\n# "), "MIT"},
		"BSD of Go":             {"Copyright 2009 The Go Authors.\n\n" + bsdHead + bsdThird + bsdTail, "BSD-3-Clause"},
		"BSD of Go and PATENTS": {"Copyright 2009 The Go Authors.\n\n" + bsdHead + bsdThird + bsdTail + "\n" + patents, "BSD-3-Clause"},
		"BSD, reserved within":  {strings.Replace(bsdHead, "are met:\n", "are met:\n\nAll rights reserved.\n", 1) + bsdThird + bsdTail, "BSD-3-Clause"},
		"BSD of two clauses":    {bsdHead + bsdTail, "BSD-2-Clause"},
		"BSD of four clauses":   {bsdHead + bsdFourth + bsdThird + bsdTail, "BSD-4-Clause"},
		"no military use":       {bsdHead + bsdThird + bsdTail + "\nYou acknowledge that this software is not designed, licensed or intended for any military facility.", ""},
		"notice of Apache":      {"Copyright 2024 Example\n\n" + apacheNotice, "Apache-2.0"},
		"two licences":          {mit + "\n-----\n\n" + apacheNotice, "Apache-2.0 MIT"},
		"GPL or later":          {gplNotice, "GPL-3.0-or-later"},
		"GPL only":              {strings.NewReplacer("either version 3", "version 3", ", or\n(at your option) any later version", "").Replace(gplNotice), "GPL-3.0-only"},
		"patents alone":         {patents, ""},
		"nothing":               {"", ""},
		"a name alone":          {"MIT", ""},
		"an address alone":      {"See https://creativecommons.org/licenses/by/4.0/", ""},
		"much else":             {mit + strings.Repeat("The model was trained on a corpus that its authors will not share with anybody else here. ", 10), ""},
		"licence of a model":    {"LLAMA 3 COMMUNITY LICENSE AGREEMENT. " + strings.Repeat("You shall retain in all copies of the Llama Materials the attribution notice. ", 30), ""},
	} {
		if got := ids(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestConfidence: it is the share of the text that is known, and a licence that is found.
func TestConfidence(t *testing.T) {
	got := Classify(mit)
	if len(got) != 1 || !got[0].Concluded || got[0].Confidence != 1 {
		t.Errorf("a text that is nothing else gives %+v", got)
	}
	got = Classify(mit + "\nThis file and what lies beside it was put together by the people of the example project.")
	if len(got) != 1 || got[0].Confidence >= 1 || got[0].Confidence < 0.75 {
		t.Errorf("a text with a sentence more gives %+v", got)
	}
}

func TestHostile(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("\x00\xff", 1<<10),
		strings.Repeat("copyright ", 1<<17),
		strings.Repeat("Redistribution and use in source and binary forms ", 1<<15),
		strings.Repeat("http://creativecommons.org/licenses/by/4.0 ", 1<<14),
		strings.Repeat(mit, 1<<11),
	} {
		if len(Classify(text)) > 1 {
			t.Errorf("%.30q gives several licences", text)
		}
	}
}

func TestIsLicenseFile(t *testing.T) {
	for _, name := range []string{
		"LICENSE", "License.txt", "LICENCE.md", "LICENSE-MIT", "LICENSE.APACHE", "COPYING", "COPYING.LESSER", "UNLICENSE",
		"a/licenses/x/LICENSE", "a-1.dist-info/licenses/gpl-3-0.txt", "BOTTLENECK_LICENCE", "semver.LICENSE.txt", "LICENSES/MIT.txt", "LICENSE_1_0.txt", "license.rst",
	} {
		if !IsLicenseFile(name) {
			t.Errorf("%s is taken for none", name)
		}
	}
	for _, name := range []string{
		"NOTICE", "licenses/NOTICE.txt", "licenses/AUTHORS", "license.py", "licenses/third-party.json", "README.md", "licensed", "LICENSE.go", "PATENTS", "a/licenses/.gitkeep", "licensecheck",
	} {
		if IsLicenseFile(name) {
			t.Errorf("%s is taken for a licence", name)
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add(mit)
	f.Add(gplNotice + apacheNotice)
	usual() // under fuzzing the automata take longer than an input may
	all()
	fourth()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			t.Skip()
		}
		for _, l := range Classify(text) {
			if l.Confidence < minCoverage || l.Confidence > 1 || l.Name != "" {
				t.Errorf("%+v", l)
			}
		}
	})
}

// TestConcurrent: collectors ask at once; the race detector watches.
func TestConcurrent(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, text := range []string{mit, gplNotice, apacheNotice, bsdHead + bsdThird + bsdTail} {
				if len(Classify(text)) != 1 {
					t.Errorf("%.40q", text)
				}
			}
		})
	}
	all.Wait()
}

// TestOwn: the licence of this project is known.
func TestOwn(t *testing.T) {
	data, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(string(data)); got != "Apache-2.0" {
		t.Errorf("our own LICENSE is said to be %q", got)
	}
}
