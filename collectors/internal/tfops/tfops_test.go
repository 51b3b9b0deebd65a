package tfops

import "testing"

// TestKnown shows that all that is said of an operator is said of one that there is.
func TestKnown(t *testing.T) {
	if len(known()) < 1900 || Known("MyOwnOp") || !Known("MatMul") || !Known("_Arg") {
		t.Errorf("%d operators", len(known()))
	}
	for op, does := range reaching() {
		if !Known(op) || does == "" {
			t.Errorf("%s is no operator of TensorFlow", op)
		}
	}
	for _, op := range []string{"Save", "SaveSlices", "SaveV2", "MergeV2Checkpoints"} {
		if !Saves(op) || !Known(op) || Does(op) != "" {
			t.Errorf("%s saves", op)
		}
	}
	if Does("WriteFile") != Writes || Does("MatMul") != "" {
		t.Error("what operators do")
	}
}
