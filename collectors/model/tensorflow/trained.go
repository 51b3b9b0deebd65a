package tensorflow

import (
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// slot knows what an optimizer keeps: of objects by the path to it, of TensorFlow 1 by
// the name of the optimizer behind that of the variable.
var slot = pattern.Lazy(`/\.OPTIMIZER_SLOT/|^(?:.*/)?optimizer/|/(?:Adam(?:_1)?|Momentum|RMSProp(?:_\d)?|Adagrad|Adadelta(?:_1)?|Ftrl(?:_1)?)$|^(?:.*/)?beta[12]_power(?:_\d+)?$`)

// state knows the rest of what is saved beside the weights: steps, metrics, and what
// a recurrent layer remembers from one batch to the next.
var state = pattern.Lazy(`^(?:global_step|save_counter)(?:/\.ATTRIBUTES/VARIABLE_VALUE)?$|(?:^|/)keras_api/(?:metrics|states)/`)

// trained tells whether a variable of a checkpoint is a parameter of the model.
func trained(name string) bool { return !slot.MatchString(name) && !state.MatchString(name) }
