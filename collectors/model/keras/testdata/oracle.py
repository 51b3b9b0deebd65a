"""Writes models with Keras into the folder given (.keras, .h5 and .weights.h5), and
beside each a NAME.json: what Keras says of it. Needs keras, numpy and h5py."""
import collections
import json
import os
import sys

os.environ["KERAS_BACKEND"] = "numpy"

try:
    import keras
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


def layers(model):
    count = collections.Counter()
    for layer in model.layers:
        count[type(layer).__name__] += 1
        if isinstance(layer, keras.Model):
            count.update(layers(layer))
        elif isinstance(layer, keras.layers.Bidirectional):
            count[type(layer.forward_layer).__name__] += 1
        elif hasattr(layer, "layer"):
            count[type(layer.layer).__name__] += 1
    return count


def save(folder, name, model, h5=True):
    facts = {
        "version": keras.__version__,
        "class": type(model).__name__,
        "layers": layers(model) if isinstance(model, (keras.Sequential,)) or type(model).__name__ == "Functional" else {},
        "parameters": sum(int(v.size if hasattr(v, "size") else 1) for v in map(lambda w: w.numpy(), model.weights)),
        "tensors": len(model.weights),
        "inputs": [[None if d is None else int(d) for d in i.shape] for i in model.inputs] if model.inputs else [],
    }
    files = [name + ".keras", name + ".weights.h5"] + ([name + ".h5"] if h5 else [])
    for f in files:
        at = os.path.join(folder, f)
        if f.endswith(".weights.h5"):
            model.save_weights(at)
        else:
            model.save(at)
        with open(at + ".json", "w") as out:
            json.dump(facts, out)


def main(folder):
    folder = os.path.join(folder, "keras")
    os.makedirs(folder, exist_ok=True)
    L = keras.layers
    m = keras.Sequential([keras.Input((8, 8, 1), name="image"), L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(), L.Flatten(), L.Dropout(0.5), L.Dense(10, name="scores")])
    m.compile(optimizer=keras.optimizers.Adam(0.002), loss="categorical_crossentropy", metrics=["accuracy"])
    m.optimizer.build(m.trainable_variables)
    save(folder, "sequential", m)
    a, b = keras.Input((4,), name="a"), keras.Input((6,), name="b", dtype="float32")
    x = L.Concatenate()([L.Dense(3)(a), L.Dense(3)(b)])
    inner = keras.Sequential([L.Dense(5), L.Dense(5)], name="inner")
    y = L.Dense(2, name="y", kernel_regularizer="l2")(inner(x))
    z = L.Dense(1, name="z", dtype="float16")(x)
    save(folder, "functional", keras.Model([a, b], [y, z], name="two_heads"))
    t = keras.Input((7, 3))
    save(folder, "recurrent", keras.Model(t, L.TimeDistributed(L.Dense(2))(L.Bidirectional(L.LSTM(4, return_sequences=True))(t))))
    h = keras.Sequential([keras.Input((4,)), L.Dense(4, dtype="bfloat16"), L.Embedding(9, 2)])
    save(folder, "bfloat16", h, h5=False)
    many = keras.Sequential([keras.Input((2,))] + [L.Dense(2) for _ in range(200)])
    save(folder, "deep", many)
    save(folder, "tokens", keras.Sequential([keras.Input((5,), dtype="int32"), L.Embedding(11, 3), L.GlobalAveragePooling1D(), L.Dense(1)]))


main(sys.argv[1])
