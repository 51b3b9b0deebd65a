"""Makes the signed models of this folder with the reference implementation:
pip install model-signing==1.1.1 pyopenssl; python make.py. Keys and signatures are new each time."""

import base64
import datetime
import json
import pathlib
import shutil

import model_signing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

here = pathlib.Path(__file__).parent
model = here / "model"
temp = here / "temp"
shutil.rmtree(model, ignore_errors=True)
(model / "unet").mkdir(parents=True)
(model / ".git").mkdir()
temp.mkdir(exist_ok=True)
for name, text in {"config.json": "{}\n", "unet.json": "{}\n", "unet/weights.bin": "weights\n" * 20, "a:b.txt": "a colon\n", "empty": "", "notes.txt": "not signed\n"}.items():
    (model / name).write_text(text)


def key(curve, name):
    private = ec.generate_private_key(curve)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (temp / name).write_bytes(pem)
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (here / (name + ".pub")).write_bytes(public)
    return private


def certificate(name, public, issuer, signer, ca, extra=()):
    start = datetime.datetime(2020, 1, 1)  # long over: the time at which it begins counts
    b = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(public).serial_number(x509.random_serial_number())
    b = b.not_valid_before(start).not_valid_after(start + datetime.timedelta(days=30))
    b = b.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    b = b.add_extension(x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True)
    for e in extra:
        b = b.add_extension(e, critical=False)
    return b.sign(signer, hashes.SHA256())


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def hashing(**kwargs):
    c = model_signing.hashing.Config().set_ignored_paths(paths=["notes.txt"], ignore_git_paths=True)
    return c


def sign(config, name, c=None):
    config.set_hashing_config(c or hashing()).sign(model, here / name)


p256 = key(ec.SECP256R1(), "p256")
key(ec.SECP384R1(), "p384")
key(ec.SECP521R1(), "p521")
for name in ["p256", "p384", "p521"]:
    sign(model_signing.signing.Config().use_elliptic_key_signer(private_key=temp / name), name + ".sig")
by_key = lambda: model_signing.signing.Config().use_elliptic_key_signer(private_key=temp / "p256")
sign(by_key(), "shards.sig", hashing().use_shard_serialization(shard_size=50))
sign(by_key(), "blake3.sig", hashing().use_file_serialization(hashing_algorithm="blake3"))
sign(by_key(), "blake2b.sig", hashing().use_file_serialization(hashing_algorithm="blake2"))

ca, between, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
root = certificate(named("Root"), ca.public_key(), named("Root"), ca, True)
middle = certificate(named("Middle"), between.public_key(), named("Root"), ca, True)
signer = certificate(named("Signer"), leaf.public_key(), named("Middle"), between, False, [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])])
pem = serialization.Encoding.PEM
(here / "root.pem").write_bytes(root.public_bytes(pem))
(temp / "middle.pem").write_bytes(middle.public_bytes(pem))
(temp / "leaf.pem").write_bytes(signer.public_bytes(pem))
(temp / "leaf.key").write_bytes(leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
sign(
    model_signing.signing.Config().use_certificate_signer(
        private_key=temp / "leaf.key", signing_certificate=temp / "leaf.pem", certificate_chain=[temp / "middle.pem"]
    ),
    "certificate.sig",
)

# What Sigstore's authority would give, by an authority of our own.
identity = [
    x509.SubjectAlternativeName([x509.RFC822Name("signer@example.com")]),
    x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), b"\x0c\x13https://example.com"),
]
short = certificate(named("sigstore"), p256.public_key(), named("Root"), ca, False, identity)
bundle = json.loads((here / "p256.sig").read_text())
bundle["verificationMaterial"] = {
    "certificate": {"rawBytes": base64.b64encode(short.public_bytes(serialization.Encoding.DER)).decode()},
    "tlogEntries": [{"logIndex": "1"}],
}
(here / "sigstore.sig").write_text(json.dumps(bundle))
shutil.rmtree(temp)

# The same as archives for the collector's test, one with a change.
for name, change in {"signed": {}, "changed": {"config.json": '{"changed": true}\n', "added.py": "print()\n"}}.items():
    files = {p.relative_to(model).as_posix(): p.read_text() for p in sorted(model.rglob("*")) if p.is_file()} | change
    text = f"A model and its signature by the reference implementation: {name}.\n"
    for path, content in sorted(files.items()):
        text += f"-- m/{path} --\n{content}"
    (here / f"{name}.txtar").write_text(text + f"-- m/model.sig --\n{(here / 'p256.sig').read_text()}\n")
