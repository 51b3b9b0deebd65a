package pytorch

import "testing"

// TestCount: however the code spells a call, the operators that reach for files are seen.
func TestCount(t *testing.T) {
	for _, code := range []string{"torch.save(x, \"f\")", "torch . save (x)", "torch.\\\n save(x)", "(torch.save)(x)", "y = ops.aten.save(x)", "torch\t.save\n(x)"} {
		s := &script{operators: map[string]int{}}
		s.count("class M(Module):\n  def forward(self, x):\n    " + code + "\n")
		if s.operators["aten::save"] != 1 || s.renamed {
			t.Errorf("%q: %v, %v", code, s.operators, s.renamed)
		}
	}
	for code, want := range map[string]bool{"t = torch\n    t.save(x)": true, "t = ops.aten": true, "ops : Tensor": false, "x = self.ops": false, "f(x, ops=1)": false, "x = torch.add(x, x)": false} {
		s := &script{operators: map[string]int{}}
		if s.count(code); s.renamed != want || s.operators["aten::save"] != 0 {
			t.Errorf("%q: %v, %v", code, s.operators, s.renamed)
		}
	}
}
