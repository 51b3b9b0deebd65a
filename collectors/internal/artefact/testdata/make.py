"""Writes the archives in testdata of store/ollama and store/oci: python make.py, in this folder."""
import hashlib, json, pathlib

HERE = pathlib.Path(__file__).parent


class Tree:
    """Files of an archive, with blobs named by their digests."""

    def __init__(self, title, blobs):
        self.title, self.blobs, self.files = title, blobs, {}

    def add(self, name, text):
        self.files[name] = text if isinstance(text, str) else json.dumps(text)

    def blob(self, kind, text, keep=True, **more):
        text = text if isinstance(text, str) else json.dumps(text)
        if not text.endswith("\n"):
            text += "\n"  # txtar ends each file with a newline
        digest = hashlib.sha256(text.encode()).hexdigest()
        if keep:
            self.files[self.blobs + digest] = text
        return {"mediaType": kind, "digest": "sha256:" + digest, "size": len(text.encode()), **more}

    def write(self, to):
        out = self.title + "\n"
        for name, text in self.files.items():
            out += f"-- {name} --\n{text}" + ("" if text.endswith("\n") else "\n")
        path = HERE / to
        old = path.read_text() if path.exists() else ""
        want = ""
        if "-- want.json --\n" in old:
            want = old.split("-- want.json --\n", 1)[1].split("\n-- ", 1)[0]
            out = out.replace("\n-- ", "\n-- want.json --\n" + want.rstrip("\n") + "\n-- ", 1)
        path.write_text(out)


APACHE = "Apache-2.0\n"


def ollama():
    kind = "application/vnd.ollama.image."
    t = Tree("A store of Ollama: a model, one made of it with an adapter, one from the hub, one that runs elsewhere, a manifest of Kubernetes.", "store/blobs/sha256-")
    def manifest(name, config, *layers):
        t.add("store/manifests/" + name, {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": config, "layers": list(layers)})
    config = {"model_format": "gguf", "model_family": "llama", "model_families": ["llama"], "model_type": "8.0B", "file_type": "Q4_0", "architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}
    docker = "application/vnd.docker.container.image.v1+json"
    weights = t.blob(kind + "model", "GGUF weights of eight billion")
    template = t.blob(kind + "template", "{{ if .System }}{{ .System }}{{ end }}{{ .Prompt }}")
    manifest("registry.ollama.ai/library/tiny/latest", t.blob(docker, config), weights, template, t.blob(kind + "license", APACHE),
             t.blob(kind + "params", {"stop": ["<|x|>"], "temperature": 0.7}))
    manifest("registry.ollama.ai/ann/mario/v1", t.blob(docker, {**config, "renderer": "r", "capabilities": ["tools"]}), {**weights, "from": "tiny:latest"}, template,
             t.blob(kind + "system", "You are Mario."), t.blob(kind + "adapter", "GGUF adapter"), t.blob(kind + "projector", "GGUF projector", keep=False),
             t.blob(kind + "messages", [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Mario."}]))
    manifest("hf.co/bartowski/Tiny-GGUF/Q4_K_M", t.blob(docker, {"model_format": "gguf", "file_type": "unknown"}), t.blob(kind + "model", "GGUF of the hub"))
    manifest("registry.ollama.ai/library/cloud/120b", t.blob(docker, {"remote_host": "https://ollama.com:443", "remote_model": "cloud:120b", "context_length": 131072}))
    manifest("registry.ollama.ai/library/bad/latest", {"mediaType": docker, "digest": "sha256:../../etc", "size": 1}, {"mediaType": kind + "params", "digest": "x", "size": 1}, t.blob(kind + "params", "[1"))
    t.add("store/manifests/registry.ollama.ai/library/broken/latest", "{")
    t.add("deploy/manifests/a/b/c/d.yaml", "kind: Pod\n")
    t.write("../../../store/ollama/testdata/store.txtar")


def layout(t, folder, *manifests):
    entries = []
    for ref, m in manifests:
        entries.append(t.blob("application/vnd.oci.image.manifest.v1+json", m, **({"annotations": {"org.opencontainers.image.ref.name": ref}} if ref else {})))
    t.add(folder + "oci-layout", {"imageLayoutVersion": "1.0.0"})
    t.add(folder + "index.json", {"schemaVersion": 2, "manifests": entries})


def oci():
    v2 = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    cncf = "application/vnd.cncf.model."
    t = Tree("A ModelPack artefact, alone in its layout.", "pack/blobs/sha256/")
    config = {"descriptor": {"createdAt": "2025-01-01T00:00:00Z", "authors": ["Ann <ann@example.com>", "bob@example.com"], "vendor": "XYZ Corp.", "family": "xyz3", "name": "xyz-3-8B-Instruct", "version": "3.1",
        "title": "XYZ 3", "description": "A large language model.", "docURL": "https://www.example.com/docs", "sourceURL": "https://github.com/xyz/xyz3", "datasetsURL": ["https://www.example.com/data"],
        "revision": "1234567890", "licenses": ["Apache-2.0"]}, "config": {"architecture": "transformer", "format": "gguf", "paramSize": "8b", "precision": "float16", "quantization": "gptq",
        "capabilities": {"inputTypes": ["text"], "outputTypes": ["text"], "knowledgeCutoff": "2024-05-21T00:00:00Z", "reasoning": True, "toolUsage": False, "languages": ["en"]}}, "modelfs": {"type": "layers", "diffIds": []}}
    name = lambda n: {"annotations": {"org.cncf.model.filepath": n}}
    layout(t, "pack/", ("ghcr.io/xyz/xyz-3:v1", {**v2, "artifactType": cncf + "manifest.v1+json", "config": t.blob(cncf + "config.v1+json", config), "layers": [
        t.blob(cncf + "weight.v1.raw", "GGUF weights", **name("model.gguf")), t.blob(cncf + "doc.v1.raw", "# Card\n", **name("README.md")), t.blob(cncf + "weight.v1.tar", "tar", keep=False, **name("big"))]}))
    t.write("../../../store/oci/testdata/modelpack.txtar")

    t = Tree("A layout with a model of Docker Model Runner, a ModelKit, an image and what ORAS pushed; and an index.json of something else.", "all/blobs/sha256/")
    ai = "application/vnd.docker.ai."
    dmr = {**v2, "config": t.blob(ai + "model.config.v0.1+json", {"config": {"format": "gguf", "quantization": "MOSTLY_Q4_K_M", "parameters": "1.24 B", "architecture": "llama", "size": "762 MiB", "context_size": 4096}, "descriptor": {"created": "2025-04-01T00:00:00Z"}}),
        "layers": [t.blob(ai + "gguf.v3", "GGUF docker"), t.blob(ai + "license", APACHE), t.blob(ai + "chat.template.jinja", "{{ messages }}{{ x.__class__ }}"), t.blob(ai + "mmproj", "GGUF mm")]}
    kit = "application/vnd.kitops.modelkit."
    modelkit = {**v2, "config": t.blob(kit + "config.v1+json", {"manifestVersion": "1.0.0", "package": {"name": "kit", "version": "2.0", "license": "MIT", "authors": ["Ann"]},
        "model": {"name": "kitmodel", "path": "./model.gguf", "framework": "llama.cpp", "format": "gguf", "parameters": {"temperature": 0.5}, "digest": "sha256:00"}, "datasets": [{"name": "train", "path": "data.csv", "license": "CC0-1.0"}]}),
        "layers": [t.blob(kit + "model.v1.tar", "tar of the model"), t.blob(kit + "dataset.v1.tar+gzip", "tar of data")]}
    image = {**v2, "config": t.blob("application/vnd.oci.image.config.v1+json", {"architecture": "amd64"}), "layers": []}
    oras = {**v2, "artifactType": "application/x", "config": t.blob("application/vnd.oci.empty.v1+json", "{}"), "layers": [t.blob("text/plain", "text", annotations={"org.opencontainers.image.title": "a.txt"})]}
    layout(t, "all/", ("docker.io/ai/llama:1B", dmr), ("v2", modelkit), ("", image), ("o", oras), ("bad", {"schemaVersion": 1}))
    t.add("web/index.json", {"schemaVersion": 2})
    t.write("../../../store/oci/testdata/others.txtar")


ollama()
oci()
