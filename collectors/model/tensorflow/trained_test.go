package tensorflow

import "testing"

// TestTrained: names as Keras 2, Keras 3 and TensorFlow 1 write them.
func TestTrained(t *testing.T) {
	const value = "/.ATTRIBUTES/VARIABLE_VALUE"
	for name, want := range map[string]bool{
		"layer_with_weights-0/kernel" + value:                                 true,
		"layer_with_weights-0/kernel/.OPTIMIZER_SLOT/optimizer/m" + value:     false,
		"trainable_variables/0/.OPTIMIZER_SLOT/keras_api/optimizer/v" + value: false,
		"optimizer/iter" + value:                                              false,
		"optimizer/_variables/3" + value:                                      false,
		"keras_api/metrics/0/total" + value:                                   false,
		"layer_with_weights-0/keras_api/states/0" + value:                     false,
		"save_counter" + value:                                                false,
		"variables/1" + value:                                                 true,
		"dense/kernel":                                                        true,
		"dense/kernel/Adam":                                                   false,
		"dense/kernel/Adam_1":                                                 false,
		"Adam/weights":                                                        true,
		"beta1_power":                                                         false,
		"global_step":                                                         false,
	} {
		if trained(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}
